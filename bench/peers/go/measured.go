package main

import (
	"sort"
	"sync"
	"syscall"
	"time"
)

// measured is what a round took: processor time is that of the whole process; errors are sends that failed and were made
// again, or messages that came twice.
type measured struct {
	Seconds   float64  `json:"seconds"`
	CPUMicros float64  `json:"cpuMicros"`
	Errors    int64    `json:"errors"`
	Latency   *latency `json:"latency,omitempty"`
}

// latency is the middle one and the one that only one in a hundred exceeds, ms.
type latency struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

type stopwatch struct {
	startedAt time.Time
	cpu       time.Duration
}

func startStopwatch() stopwatch {
	return stopwatch{startedAt: time.Now(), cpu: processorTime()}
}

func (s stopwatch) stop() measured {
	seconds := time.Since(s.startedAt).Seconds()
	return measured{Seconds: seconds, CPUMicros: float64((processorTime() - s.cpu).Microseconds())}
}

// processorTime is the user and system time of the process.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// latencies are the durations of one round.
type latencies struct {
	mutex sync.Mutex
	all   []time.Duration
}

func (l *latencies) add(duration time.Duration) {
	l.mutex.Lock()
	l.all = append(l.all, duration)
	l.mutex.Unlock()
}

func (l *latencies) summary() *latency {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	sort.Slice(l.all, func(i, j int) bool { return l.all[i] < l.all[j] })
	return &latency{P50: l.at(0.5), P99: l.at(0.99)}
}

func (l *latencies) at(part float64) float64 {
	if len(l.all) == 0 {
		return 0
	}
	index := int(float64(len(l.all)) * part)
	if index == len(l.all) {
		index--
	}
	return float64(l.all[index].Nanoseconds()) / 1e6
}
