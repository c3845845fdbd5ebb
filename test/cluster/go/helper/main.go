// What the test library leaves to Go: issuing certificates, for which Node.js
// has no function, and keeping processes on a leash, which a test process
// cannot do for itself once it is killed. It stands apart from the control
// plane's program because it has to start in no time.
package main

import (
	"fmt"
	"os"
)

const usage = `usage:
  cluster-helper pki init FOLDER                  make a CA and the control plane's certificates
  cluster-helper pki issue FOLDER NAME [GROUP…]   print a client certificate and its key
  cluster-helper supervise FOLDER                 run processes until standard input closes, then remove FOLDER
`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cluster-helper:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "pki" && args[1] == "init":
		return initPKI(args[2])
	case len(args) >= 4 && args[0] == "pki" && args[1] == "issue":
		return issueClient(args[2], args[3], args[4:], os.Stdout)
	case len(args) == 2 && args[0] == "supervise":
		return supervise(args[1])
	}
	return fmt.Errorf("cannot tell what to do from the arguments %q\n%s", args, usage)
}
