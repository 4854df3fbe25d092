// The Go client as a driver of the benchmark. The last argument is the setup as JSON; it tells when it is connected, and then
// runs a round for each line of input.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/apache/rocketmq-client-go/v2/rlog"
)

// round handles that many messages and tells what that took.
type round func(messages int) (measured, error)

var workloads = map[string]func(setup) (round, error){
	"send":          openSend,
	"oneway":        openOneway,
	"batch":         openBatch,
	"consume":       openConsume,
	"orderly":       openOrderly,
	"lite-pull":     openPull,
	"end-to-end":    openEndToEnd,
	"transaction":   openTransaction,
	"request-reply": openRequestReply,
}

func main() {
	rlog.SetLogLevel("error")
	run, err := open(os.Args[len(os.Args)-1])
	if err != nil {
		report("failed", err.Error())
		return
	}
	report("told", "connected")
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		result, err := runPlan(run, input.Bytes())
		if err != nil {
			report("failed", err.Error())
			continue
		}
		report("told", result)
	}
}

func open(text string) (round, error) {
	s, err := parseSetup(text)
	if err != nil {
		return nil, err
	}
	workload, exists := workloads[s.Workload]
	if !exists {
		return nil, fmt.Errorf("this driver has no workload %s", s.Workload)
	}
	return workload(s)
}

func runPlan(run round, line []byte) (measured, error) {
	var plan struct {
		Messages int `json:"messages"`
	}
	if err := json.Unmarshal(line, &plan); err != nil {
		return measured{}, fmt.Errorf("what is asked cannot be read: %w", err)
	}
	return run(plan.Messages)
}

func report(name string, value interface{}) {
	text, err := json.Marshal(map[string]interface{}{name: value})
	if err != nil {
		text = []byte(`{"failed":"the answer cannot be written"}`)
	}
	fmt.Printf("@bench %s\n", text)
}
