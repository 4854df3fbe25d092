package main

import (
	"context"

	"github.com/apache/rocketmq-client-go/v2"
	"github.com/apache/rocketmq-client-go/v2/primitive"
	"github.com/apache/rocketmq-client-go/v2/producer"
)

// openTransaction sends half messages whose local transaction commits at once. The call waits, so that there is a goroutine
// for each that is in flight.
func openTransaction(s setup) (round, error) {
	p, err := rocketmq.NewTransactionProducer(committing{},
		producer.WithGroupName(group("transaction")), producer.WithNsResolver(s.nameServers()))
	if err != nil {
		return nil, err
	}
	if err := p.Start(); err != nil {
		return nil, err
	}
	return func(messages int) (measured, error) {
		return inFlight(messages, s.InFlight, func(answer func(error)) {
			go func() {
				result, err := p.SendMessageInTransaction(context.Background(), s.message())
				if err != nil {
					answer(err)
					return
				}
				answer(check(result.SendResult, nil))
			}()
		})
	}, nil
}

type committing struct{}

func (committing) ExecuteLocalTransaction(*primitive.Message) primitive.LocalTransactionState {
	return primitive.CommitMessageState
}

func (committing) CheckLocalTransaction(*primitive.MessageExt) primitive.LocalTransactionState {
	return primitive.CommitMessageState
}
