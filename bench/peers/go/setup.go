package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/apache/rocketmq-client-go/v2/primitive"
)

// What every client pulls by default.
const defaultPullBatch = 32

// setup is what the driver is told when it is started.
type setup struct {
	Workload      string `json:"workload"`
	NamesrvAddr   string `json:"namesrvAddr"`
	Topic         string `json:"topic"`
	Queues        int    `json:"queues"`
	BodyBytes     int    `json:"bodyBytes"`
	InFlight      int    `json:"inFlight"`
	Batch         int    `json:"batch"`
	PullBatch     int    `json:"pullBatch"`
	ListenerBatch int    `json:"listenerBatch"`
	Pace          int    `json:"pace"`

	body []byte
}

func parseSetup(text string) (setup, error) {
	var s setup
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("the setup cannot be read: %w", err)
	}
	s.body = []byte(strings.Repeat("rocketwire", s.BodyBytes/len("rocketwire")+1))[:s.BodyBytes]
	return s, nil
}

// message makes the message that every driver sends: a new one each time, as users make them.
func (s setup) message() *primitive.Message {
	return s.messageWith("bench", "order-42")
}

func (s setup) messageWith(tag, key string) *primitive.Message {
	return primitive.NewMessage(s.Topic, s.body).WithTag(tag).WithKeys([]string{key})
}

func (s setup) nameServers() primitive.NsResolver {
	return primitive.NewPassthroughResolver(strings.Split(s.NamesrvAddr, ";"))
}

// group is a name that no other process and no other round has.
func group(suffix interface{}) string {
	return fmt.Sprintf("bench-%d-%v", os.Getpid(), suffix)
}
