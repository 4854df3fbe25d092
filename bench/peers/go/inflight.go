package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// So many calls of a round may fail and be made again.
const bearableErrors = 1000

// call starts something and gives answer its outcome; what answer is given later than first does not count.
type call func(answer func(error))

// inFlight starts calls, so many of them at a time, and measures until the last one has ended. Calls that fail are made again.
func inFlight(total, atOnce int, start call) (measured, error) {
	free := make(chan struct{}, atOnce)
	var failed atomic.Int64
	var cause atomic.Value
	var begin func()
	begin = func() {
		var once sync.Once
		start(func(err error) {
			once.Do(func() {
				if err == nil {
					<-free
					return
				}
				cause.Store(err.Error())
				if failed.Add(1) > bearableErrors {
					<-free
					return
				}
				go begin()
			})
		})
	}
	watch := startStopwatch()
	for i := 0; i < total; i++ {
		free <- struct{}{}
		begin()
	}
	for i := 0; i < atOnce; i++ {
		free <- struct{}{}
	}
	result := watch.stop()
	result.Errors = failed.Load()
	if result.Errors > bearableErrors {
		return result, fmt.Errorf("%d calls failed, the last one with: %v", result.Errors, cause.Load())
	}
	return result, nil
}
