//go:build !linux

package main

import "syscall"

// dieWithParent is nothing where the kernel offers no such thing: only killing
// this program itself with SIGKILL leaves children behind there.
func dieWithParent() *syscall.SysProcAttr {
	return nil
}
