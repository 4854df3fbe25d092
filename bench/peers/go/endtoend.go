package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/apache/rocketmq-client-go/v2"
	"github.com/apache/rocketmq-client-go/v2/consumer"
	"github.com/apache/rocketmq-client-go/v2/primitive"
)

const (
	// How often sends are made; each time as many as the pace asks for by then.
	sendEvery = 2 * time.Millisecond
	// Until each queue is read from.
	assignedWithin = 60 * time.Second
	probeEvery     = 200 * time.Millisecond
	probe          = "probe"
	arrivesWithin  = 30 * time.Second
)

// endToEnd sends at a given pace and consumes in the same process, whose clock measures both ends. A tag of its own keeps the
// other drivers' messages away, which are on the same topic.
type endToEnd struct {
	setup    setup
	tag      string
	producer rocketmq.Producer
	rounds   int

	mutex  sync.Mutex
	queues map[int]bool
	sentAt map[string]time.Time
	failed error
	delays *latencies
	// Of this round, how many have not come, and what is closed when none is left.
	left    int
	arrived chan struct{}
}

func openEndToEnd(s setup) (round, error) {
	p, err := startProducer(s, "bench")
	if err != nil {
		return nil, err
	}
	e := &endToEnd{setup: s, tag: group("e2e"), producer: p, queues: map[int]bool{}, sentAt: map[string]time.Time{}}
	if err := e.consume(); err != nil {
		return nil, err
	}
	return e.run, e.untilAssigned()
}

func (e *endToEnd) consume() error {
	c, err := rocketmq.NewPushConsumer(
		consumer.WithGroupName(e.tag),
		consumer.WithInstance(e.tag),
		consumer.WithNsResolver(e.setup.nameServers()))
	if err != nil {
		return err
	}
	listener := func(_ context.Context, received ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		for _, message := range received {
			e.handle(message)
		}
		return consumer.ConsumeSuccess, nil
	}
	selector := consumer.MessageSelector{Type: consumer.TAG, Expression: e.tag}
	if err := c.Subscribe(e.setup.Topic, selector, listener); err != nil {
		return err
	}
	return c.Start()
}

// untilAssigned sends probes until one of each queue has come.
func (e *endToEnd) untilAssigned() error {
	for deadline := time.Now().Add(assignedWithin); time.Now().Before(deadline); time.Sleep(probeEvery) {
		e.mutex.Lock()
		isAssigned := len(e.queues) == e.setup.Queues
		e.mutex.Unlock()
		if isAssigned {
			return nil
		}
		for i := 0; i < e.setup.Queues; i++ {
			if err := check(e.producer.SendSync(context.Background(), e.setup.messageWith(e.tag, probe))); err != nil {
				return err
			}
		}
	}
	return errors.New("no messages of some queues came")
}

func (e *endToEnd) handle(message *primitive.MessageExt) {
	now := time.Now()
	key := message.GetKeys()
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if key == probe {
		e.queues[message.Queue.QueueId] = true
	}
	at, isSent := e.sentAt[key]
	if !isSent {
		return
	}
	delete(e.sentAt, key)
	e.delays.add(now.Sub(at))
	e.left--
	if e.left == 0 {
		close(e.arrived)
	}
}

func (e *endToEnd) run(messages int) (measured, error) {
	e.mutex.Lock()
	e.delays, e.left, e.arrived = &latencies{}, messages, make(chan struct{})
	e.mutex.Unlock()
	e.rounds++
	watch := startStopwatch()
	startedAt := time.Now()
	ticker := time.NewTicker(sendEvery)
	defer ticker.Stop()
	for sent := 0; sent < messages; <-ticker.C {
		due := min(messages, 1+int(time.Since(startedAt).Seconds()*float64(e.setup.Pace)))
		for ; sent < due; sent++ {
			e.send(fmt.Sprintf("order-%d-%d", e.rounds, sent))
		}
	}
	select {
	case <-e.arrived:
	case <-time.After(arrivesWithin):
	}
	result := watch.stop()
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.left > 0 {
		return result, fmt.Errorf("%d messages never came: %v", e.left, e.failed)
	}
	result.Latency = e.delays.summary()
	return result, nil
}

func (e *endToEnd) send(key string) {
	e.mutex.Lock()
	e.sentAt[key] = time.Now()
	e.mutex.Unlock()
	answer := func(err error) {
		if err == nil {
			return
		}
		e.mutex.Lock()
		e.failed = err
		e.mutex.Unlock()
	}
	err := e.producer.SendAsync(context.Background(), func(_ context.Context, result *primitive.SendResult, err error) {
		answer(check(result, err))
	}, e.setup.messageWith(e.tag, key))
	answer(err)
}
