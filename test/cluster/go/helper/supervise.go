package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
)

// order is one line of standard input: a process to start.
type order struct {
	Name string   `json:"name"`
	Path string   `json:"path"`
	Args []string `json:"args"`
	Log  string   `json:"log"`
}

// report is one line of standard output: a process has started or ended.
type report struct {
	Name  string `json:"name"`
	Event string `json:"event"`
	PID   int    `json:"pid,omitempty"`
	Cause string `json:"cause,omitempty"`
}

// supervise starts the processes ordered on standard input. Once that closes,
// which the kernel sees to however the parent ends, or on SIGTERM, it kills
// them all, removes folder and returns. The data is thrown away, so there is
// nothing a gentler end would save.
func supervise(folder string) error {
	// A parent's death signal comes when the thread that started the child ends,
	// so every child is started from the one thread that lasts.
	runtime.LockOSThread()
	signal.Ignore(os.Interrupt, syscall.SIGHUP, syscall.SIGPIPE)
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)

	orders := make(chan order)
	invalid := make(chan error, 1)
	go readOrders(orders, invalid)

	herd := herd{folder: folder}
	for open := true; open; {
		select {
		case o, more := <-orders:
			if open = more; more {
				herd.start(o)
			}
		case <-terminated:
			open = false
		}
	}
	herd.kill()
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	select {
	case err := <-invalid:
		return err
	default:
		return nil
	}
}

// readOrders closes orders at the end of standard input or at a line that is no order.
func readOrders(orders chan<- order, invalid chan<- error) {
	defer close(orders)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			invalid <- fmt.Errorf("standard input holds no order: %w", err)
			return
		}
		orders <- o
	}
}

// herd is the processes that run, all in folder.
type herd struct {
	folder   string
	commands []*exec.Cmd
	running  sync.WaitGroup
	printing sync.Mutex
}

func (h *herd) start(o order) {
	command, err := launch(h.folder, o)
	if err != nil {
		h.print(report{Name: o.Name, Event: "ended", Cause: err.Error()})
		return
	}
	h.print(report{Name: o.Name, Event: "started", PID: command.Process.Pid})
	h.commands = append(h.commands, command)
	h.running.Add(1)
	go func() {
		defer h.running.Done()
		_ = command.Wait()
		h.print(report{Name: o.Name, Event: "ended", Cause: command.ProcessState.String()})
	}()
}

func launch(folder string, o order) (*exec.Cmd, error) {
	log, err := os.OpenFile(o.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command := exec.Command(o.Path, o.Args...)
	command.Dir = folder
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = dieWithParent()
	return command, command.Start()
}

func (h *herd) kill() {
	for _, command := range h.commands {
		_ = command.Process.Kill()
	}
	h.running.Wait()
}

func (h *herd) print(r report) {
	h.printing.Lock()
	defer h.printing.Unlock()
	_ = json.NewEncoder(os.Stdout).Encode(r)
}
