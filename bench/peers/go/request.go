package main

import (
	"context"
	"fmt"
	"time"

	"github.com/apache/rocketmq-client-go/v2"
	"github.com/apache/rocketmq-client-go/v2/consumer"
	"github.com/apache/rocketmq-client-go/v2/primitive"
)

const (
	requestTimeout = 10 * time.Second
	// A request fails until the broker knows the asker, and the replier has its queues.
	firstReplyWithin = 60 * time.Second
	firstTryTimeout  = 2 * time.Second
)

// openRequestReply has requests, and the consumer that replies to them, in one process. A tag of its own keeps the other
// drivers' requests away, which are on the same topic. There is a goroutine for each request in flight, as the client asks the
// name server for the route before each, with a callback, too.
func openRequestReply(s setup) (round, error) {
	p, err := startProducer(s, group("asker"))
	if err != nil {
		return nil, err
	}
	tag := group("requests")
	if err := startReplier(s, tag, p); err != nil {
		return nil, err
	}
	request := func() *primitive.Message { return s.messageWith(tag, "order-42") }
	if err := untilAnswered(p, request); err != nil {
		return nil, err
	}
	return func(messages int) (measured, error) {
		var delays latencies
		result, err := inFlight(messages, s.InFlight, func(answer func(error)) {
			go func() {
				at := time.Now()
				_, err := p.Request(context.Background(), requestTimeout, request())
				if err == nil {
					delays.add(time.Since(at))
				}
				answer(err)
			}()
		})
		result.Latency = delays.summary()
		return result, err
	}, nil
}

func startReplier(s setup, tag string, p rocketmq.Producer) error {
	name := group("replier")
	c, err := rocketmq.NewPushConsumer(
		consumer.WithGroupName(name),
		consumer.WithInstance(name),
		consumer.WithNsResolver(s.nameServers()))
	if err != nil {
		return err
	}
	listener := func(_ context.Context, received ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		for _, request := range received {
			reply, err := consumer.CreateReplyMessage(request, nil)
			if err != nil {
				fmt.Printf("a request cannot be replied to: %v\n", err)
				continue
			}
			// The client's own function takes the body for properties.
			reply.Body = []byte("answer")
			if _, err := p.SendSync(context.Background(), reply); err != nil {
				fmt.Printf("a reply failed: %v\n", err)
			}
		}
		return consumer.ConsumeSuccess, nil
	}
	if err := c.Subscribe(s.Topic, consumer.MessageSelector{Type: consumer.TAG, Expression: tag}, listener); err != nil {
		return err
	}
	return c.Start()
}

func untilAnswered(p rocketmq.Producer, request func() *primitive.Message) error {
	deadline := time.Now().Add(firstReplyWithin)
	for {
		_, err := p.Request(context.Background(), firstTryTimeout, request())
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("no request was answered: %w", err)
		}
	}
}
