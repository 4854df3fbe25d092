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
	arrivesWithin  = 30 * time.Second
)

// openEndToEnd sends at a given pace and consumes in the same process, whose clock measures both ends. Its consumer is there
// only while it is measured, so that it takes no part in what others measure.
func openEndToEnd(s setup) (round, error) {
	p, err := startProducer(s, "bench")
	if err != nil {
		return nil, err
	}
	rounds := 0
	return func(messages int) (measured, error) {
		rounds++
		run := &pacedRun{setup: s, producer: p, name: group(rounds), sentAt: map[string]time.Time{},
			queues: map[int]bool{}, messages: messages, arrived: make(chan struct{})}
		c, err := run.consume()
		if err != nil {
			return measured{}, err
		}
		if err := run.untilAssigned(); err != nil {
			return measured{}, err
		}
		result, err := run.measure()
		if err != nil {
			return measured{}, err
		}
		return result, c.Shutdown()
	}, nil
}

type pacedRun struct {
	setup    setup
	producer rocketmq.Producer
	name     string
	messages int

	mutex   sync.Mutex
	sentAt  map[string]time.Time
	queues  map[int]bool
	failed  error
	delays  latencies
	handled int
	arrived chan struct{}
}

func (r *pacedRun) consume() (rocketmq.PushConsumer, error) {
	c, err := rocketmq.NewPushConsumer(
		consumer.WithGroupName(r.name),
		consumer.WithInstance(r.name),
		consumer.WithNsResolver(r.setup.nameServers()))
	if err != nil {
		return nil, err
	}
	listener := func(_ context.Context, received ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		for _, message := range received {
			r.handle(message)
		}
		return consumer.ConsumeSuccess, nil
	}
	if err := c.Subscribe(r.setup.Topic, consumer.MessageSelector{}, listener); err != nil {
		return nil, err
	}
	return c, c.Start()
}

// untilAssigned sends probes until one of each queue has come.
func (r *pacedRun) untilAssigned() error {
	for deadline := time.Now().Add(assignedWithin); time.Now().Before(deadline); time.Sleep(probeEvery) {
		r.mutex.Lock()
		isAssigned := len(r.queues) == r.setup.Queues
		r.mutex.Unlock()
		if isAssigned {
			return nil
		}
		for i := 0; i < r.setup.Queues; i++ {
			if err := check(r.producer.SendSync(context.Background(), r.setup.messageWith(r.name))); err != nil {
				return err
			}
		}
	}
	return errors.New("the consumer got no messages of some queues")
}

func (r *pacedRun) handle(message *primitive.MessageExt) {
	now := time.Now()
	key := message.GetKeys()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if key == r.name {
		r.queues[message.Queue.QueueId] = true
	}
	at, isSent := r.sentAt[key]
	if !isSent {
		return
	}
	delete(r.sentAt, key)
	r.delays.add(now.Sub(at))
	r.handled++
	if r.handled == r.messages {
		close(r.arrived)
	}
}

func (r *pacedRun) measure() (measured, error) {
	watch := startStopwatch()
	startedAt := time.Now()
	ticker := time.NewTicker(sendEvery)
	defer ticker.Stop()
	for sent := 0; sent < r.messages; <-ticker.C {
		due := min(r.messages, 1+int(time.Since(startedAt).Seconds()*float64(r.setup.Pace)))
		for ; sent < due; sent++ {
			r.send(fmt.Sprintf("%s-%d", r.name, sent))
		}
	}
	select {
	case <-r.arrived:
	case <-time.After(arrivesWithin):
	}
	result := watch.stop()
	result.Latency = r.delays.summary()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.handled < r.messages {
		return result, fmt.Errorf("%d messages never came: %w", r.messages-r.handled, r.failed)
	}
	return result, nil
}

func (r *pacedRun) send(key string) {
	r.mutex.Lock()
	r.sentAt[key] = time.Now()
	r.mutex.Unlock()
	fail := func(err error) {
		r.mutex.Lock()
		r.failed = err
		r.mutex.Unlock()
	}
	err := r.producer.SendAsync(context.Background(), func(_ context.Context, result *primitive.SendResult, err error) {
		if err := check(result, err); err != nil {
			fail(err)
		}
	}, r.setup.messageWith(key))
	if err != nil {
		fail(err)
	}
}
