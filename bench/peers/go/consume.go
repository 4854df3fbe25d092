package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/apache/rocketmq-client-go/v2"
	"github.com/apache/rocketmq-client-go/v2/consumer"
	"github.com/apache/rocketmq-client-go/v2/primitive"
)

const (
	pollTimeout = 30 * time.Second
	// The push consumer's own, which the pull consumer lacks: without them it pulls nothing ahead.
	pullThresholdForQueue = 1024
	maxSpan               = 1000
	pullThresholdMiB      = 512
)

func openConsume(s setup) (round, error) {
	return consumingRounds(s, consumer.WithConsumeMessageBatchMaxSize(s.ListenerBatch)), nil
}

func openOrderly(s setup) (round, error) {
	return consumingRounds(s, consumer.WithConsumerOrder(true)), nil
}

// consumingRounds makes each round a new group that begins with the first message.
func consumingRounds(s setup, options ...consumer.Option) round {
	rounds := 0
	if s.PullBatch > defaultPullBatch {
		options = append(options, consumer.WithPullBatchSize(int32(s.PullBatch)))
	}
	return func(messages int) (measured, error) {
		rounds++
		c, err := rocketmq.NewPushConsumer(append(groupOptions(s, rounds), options...)...)
		if err != nil {
			return measured{}, err
		}
		counter := newCounter(messages)
		listener := func(_ context.Context, received ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
			counter.add(received)
			return consumer.ConsumeSuccess, nil
		}
		if err := c.Subscribe(s.Topic, consumer.MessageSelector{}, listener); err != nil {
			return measured{}, err
		}
		if err := c.Start(); err != nil {
			return measured{}, err
		}
		result := <-counter.result
		return result, c.Shutdown()
	}
}

// openPull polls batch by batch and acknowledges each.
func openPull(s setup) (round, error) {
	rounds := 0
	return func(messages int) (measured, error) {
		rounds++
		options := append(groupOptions(s, rounds),
			consumer.WithPullBatchSize(int32(s.PullBatch)),
			consumer.WithPullThresholdForQueue(pullThresholdForQueue),
			consumer.WithPullThresholdSizeForQueue(pullThresholdMiB),
			consumer.WithConsumeConcurrentlyMaxSpan(maxSpan))
		c, err := rocketmq.NewPullConsumer(options...)
		if err != nil {
			return measured{}, err
		}
		if err := c.Subscribe(s.Topic, consumer.MessageSelector{}); err != nil {
			return measured{}, err
		}
		if err := c.Start(); err != nil {
			return measured{}, err
		}
		counter := newCounter(messages)
		for len(counter.result) == 0 {
			batch, err := c.Poll(context.Background(), pollTimeout)
			if err != nil {
				return measured{}, err
			}
			counter.add(batch.GetMsgList())
			c.ACK(context.Background(), batch, consumer.ConsumeSuccess)
		}
		return <-counter.result, c.Shutdown()
	}, nil
}

// groupOptions are those of a new group; an instance of its own each time, as one that was shut down cannot be used again.
func groupOptions(s setup, suffix interface{}) []consumer.Option {
	name := group(suffix)
	return []consumer.Option{
		consumer.WithGroupName(name),
		consumer.WithInstance(name),
		consumer.WithNsResolver(s.nameServers()),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset),
	}
}

// counter measures from the first message to the last; it is safe for many goroutines.
type counter struct {
	left   atomic.Int64
	again  atomic.Int64
	begin  sync.Once
	watch  stopwatch
	result chan measured
}

func newCounter(messages int) *counter {
	c := &counter{result: make(chan measured, 1)}
	c.left.Store(int64(messages))
	return c
}

func (c *counter) add(received []*primitive.MessageExt) {
	c.begin.Do(func() { c.watch = startStopwatch() })
	for _, message := range received {
		if message.ReconsumeTimes > 0 {
			c.again.Add(1)
		}
	}
	count := int64(len(received))
	left := c.left.Add(-count)
	if left <= 0 && left > -count {
		result := c.watch.stop()
		result.Errors = c.again.Load()
		c.result <- result
	}
}
