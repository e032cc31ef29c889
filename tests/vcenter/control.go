package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// What a test tells the server, each by GET /control?do=VERB&...:
//
//	expire                             all sessions end
//	behave&method=M&how=H&times=N      the next N calls of M are answered so (misbehave.go)
//	off, on, move, remove &vm=NAME     of that VM; move: to another host
//	rename&vm=NAME&to=NAME
//	double&vm=NAME&to=NAME             it bears the name of another, as if it were in another folder
//	processors&vm=NAME&to=N            it has that many, and so other series
type control struct {
	front *front
	inner *url.URL
}

type verb func(c *control, vm *simulator.VirtualMachine, to string) error

var verbs = map[string]verb{
	"off":        off,
	"on":         on,
	"move":       move,
	"remove":     remove,
	"rename":     rename,
	"double":     double,
	"processors": processors,
}

func (c *control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := c.do(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func (c *control) do(told url.Values) error {
	switch told.Get("do") {
	case "expire":
		c.front.lock.Lock()
		defer c.front.lock.Unlock()
		c.front.sessions = map[string]bool{}
		return nil
	case "behave":
		times, err := strconv.Atoi(told.Get("times"))
		how := told.Get("how")
		if _, ok := misbehaviours[how]; err != nil || (!ok && !strings.HasPrefix(how, "fault ")) {
			return fmt.Errorf("no such behaviour: %s", told.Encode())
		}
		c.front.lock.Lock()
		defer c.front.lock.Unlock()
		c.front.behaves[told.Get("method")] = &behaviour{how, times}
		return nil
	}
	act := verbs[told.Get("do")]
	if act == nil {
		return fmt.Errorf("no such verb: %s", told.Get("do"))
	}
	for _, entity := range simulator.Map.All("VirtualMachine") {
		if vm := entity.(*simulator.VirtualMachine); vm.Name == told.Get("vm") {
			return act(c, vm, told.Get("to"))
		}
	}
	return fmt.Errorf("no such VM: %s", told.Get("vm"))
}

// Carries a task out through the simulator's own API, as an administrator would.
func (c *control) carryOut(vm *simulator.VirtualMachine, task func(context.Context, *object.VirtualMachine) (*object.Task, error)) error {
	ctx := context.Background()
	client, err := govmomi.NewClient(ctx, c.inner, true)
	if err != nil {
		return err
	}
	defer func() { _ = client.Logout(ctx) }()
	started, err := task(ctx, object.NewVirtualMachine(client.Client, vm.Self))
	if err != nil {
		return err
	}
	return started.Wait(ctx)
}

func off(c *control, vm *simulator.VirtualMachine, _ string) error {
	return c.carryOut(vm, func(ctx context.Context, o *object.VirtualMachine) (*object.Task, error) {
		return o.PowerOff(ctx)
	})
}

func on(c *control, vm *simulator.VirtualMachine, _ string) error {
	return c.carryOut(vm, func(ctx context.Context, o *object.VirtualMachine) (*object.Task, error) {
		return o.PowerOn(ctx)
	})
}

func move(c *control, vm *simulator.VirtualMachine, _ string) error {
	for _, host := range simulator.Map.All("HostSystem") {
		if reference := host.Reference(); reference != *vm.Runtime.Host {
			return c.carryOut(vm, func(ctx context.Context, o *object.VirtualMachine) (*object.Task, error) {
				return o.Relocate(ctx, types.VirtualMachineRelocateSpec{Host: &reference}, "")
			})
		}
	}
	return fmt.Errorf("there is no other host")
}

func remove(c *control, vm *simulator.VirtualMachine, _ string) error {
	if err := off(c, vm, ""); err != nil {
		return err
	}
	return c.carryOut(vm, func(ctx context.Context, o *object.VirtualMachine) (*object.Task, error) {
		return o.Destroy(ctx)
	})
}

func rename(c *control, vm *simulator.VirtualMachine, to string) error {
	return c.carryOut(vm, func(ctx context.Context, o *object.VirtualMachine) (*object.Task, error) {
		return o.Rename(ctx, to)
	})
}

func double(_ *control, vm *simulator.VirtualMachine, to string) error {
	vm.Name = to
	return nil
}

func processors(c *control, vm *simulator.VirtualMachine, to string) error {
	count, err := strconv.Atoi(to)
	if err != nil {
		return err
	}
	err = c.carryOut(vm, func(ctx context.Context, o *object.VirtualMachine) (*object.Task, error) {
		return o.Reconfigure(ctx, types.VirtualMachineConfigSpec{NumCPUs: int32(count)})
	})
	// The simulator leaves it as it is; a vCenter doesn't.
	vm.Config.ChangeVersion += "1"
	return err
}
