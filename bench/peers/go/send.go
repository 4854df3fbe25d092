package main

import (
	"context"
	"fmt"

	"github.com/apache/rocketmq-client-go/v2"
	"github.com/apache/rocketmq-client-go/v2/primitive"
	"github.com/apache/rocketmq-client-go/v2/producer"
)

// openSend sends with callbacks, as many as may be in flight; where that is one, each is awaited by a synchronous send.
func openSend(s setup) (round, error) {
	p, err := startProducer(s, "bench")
	if err != nil {
		return nil, err
	}
	if s.InFlight == 1 {
		return oneByOne(func(int) error { return check(p.SendSync(context.Background(), s.message())) }), nil
	}
	return func(messages int) (measured, error) {
		return inFlight(messages, s.InFlight, func(answer func(error)) {
			err := p.SendAsync(context.Background(), func(_ context.Context, result *primitive.SendResult, err error) {
				answer(check(result, err))
			}, s.message())
			if err != nil {
				answer(err)
			}
		})
	}, nil
}

func openBatch(s setup) (round, error) {
	p, err := startProducer(s, "bench")
	if err != nil {
		return nil, err
	}
	send := oneByOne(func(int) error {
		batch := make([]*primitive.Message, s.Batch)
		for i := range batch {
			batch[i] = s.message()
		}
		return check(p.SendSync(context.Background(), batch...))
	})
	return func(messages int) (measured, error) { return send(messages / s.Batch) }, nil
}

// openOneway makes oneway sends, and one that is answered after them: then the broker has taken what came before it.
func openOneway(s setup) (round, error) {
	p, err := startProducer(s, "bench")
	if err != nil {
		return nil, err
	}
	return oneByOne(func(left int) error {
		if left > 0 {
			return p.SendOneWay(context.Background(), s.message())
		}
		return check(p.SendSync(context.Background(), s.message()))
	}), nil
}

func startProducer(s setup, group string) (rocketmq.Producer, error) {
	p, err := rocketmq.NewProducer(producer.WithGroupName(group), producer.WithNsResolver(s.nameServers()))
	if err != nil {
		return nil, err
	}
	return p, p.Start()
}

// oneByOne makes calls, each after the one before, and tells each how many are left.
func oneByOne(send func(left int) error) round {
	return func(calls int) (measured, error) {
		left := calls - 1
		return inFlight(calls, 1, func(answer func(error)) {
			err := send(left)
			if err == nil {
				left--
			}
			answer(err)
		})
	}
}

func check(result *primitive.SendResult, err error) error {
	if err != nil {
		return err
	}
	if result.Status != primitive.SendOK {
		return fmt.Errorf("a send was answered with status %d", result.Status)
	}
	return nil
}
