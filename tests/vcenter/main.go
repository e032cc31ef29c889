// A vCenter for tests: govmomi's simulator behind a front that is as strict as a real one about
// sessions, tells performance figures as a real one does, and can be told to behave badly.
//
//	vcenter -listen 127.0.0.1:0 -cert FILE -key FILE -password PASSWORD -vms bono,sprout [...]
//
// prints the URL once it serves, and ends with its standard input. What can be told to it while it
// runs: control.go.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

type options struct {
	listen, certificate, key, user, password, machines, values, log string
	count                                                           int
	interval                                                        int
	newestFirst, zerosLeftOut                                       bool
}

func readOptions() *options {
	o := &options{}
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "address and port")
	flag.StringVar(&o.certificate, "cert", "", "the server's certificate, PEM")
	flag.StringVar(&o.key, "key", "", "the certificate's key, PEM")
	flag.StringVar(&o.user, "user", "vnfault@vsphere.local", "who may log in")
	flag.StringVar(&o.password, "password", "secret", "with which password")
	flag.StringVar(&o.machines, "vms", "bono,sprout,homestead", "names of the VMs")
	flag.IntVar(&o.count, "count", 0, "that many VMs more, called vm-1, vm-2 and so on")
	flag.StringVar(&o.values, "values", "", "folder of NAME.tsv: counter, instance, value")
	flag.StringVar(&o.log, "log", "", "file that each request is written to: method, VMs asked for")
	flag.IntVar(&o.interval, "interval", 20, "seconds from sample to sample")
	flag.BoolVar(&o.newestFirst, "newest-first", false, "the newest samples come first")
	flag.BoolVar(&o.zerosLeftOut, "zeros-left-out", false, "samples of 0 are missing")
	flag.Parse()
	return o
}

func names(o *options) []string {
	list := strings.Split(o.machines, ",")
	for i := 1; i <= o.count; i++ {
		list = append(list, fmt.Sprintf("vm-%d", i))
	}
	return list
}

// One datacenter with two hosts outside of clusters, so that a VM can move from one to the other.
func makeInventory(list []string) *simulator.Model {
	model := simulator.VPX()
	model.Cluster = 0
	model.Host = 2
	model.Machine = (len(list) + 1) / 2
	if err := model.Create(); err != nil {
		log.Fatal(err)
	}
	for i, entity := range simulator.Map.All("VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		name := fmt.Sprintf("unused-%d", i)
		if i < len(list) {
			name = list[i]
		}
		vm.Name = name
		vm.Config.Name = name
		vm.Summary.Config.Name = name
		vm.Config.ChangeVersion = "1"
	}
	return model
}

func main() {
	o := readOptions()
	model := makeInventory(names(o))
	manager := types.ManagedObjectReference{Type: "PerformanceManager", Value: "PerfMgr"}
	simulator.Map.Put(&performance{
		PerformanceManager: simulator.Map.Get(manager).(*simulator.PerformanceManager),
		options:            o,
	})
	// The simulator's own server has no TLS and is for control.go only.
	model.Service.Listen = &url.URL{Host: "127.0.0.1:0", User: url.UserPassword(o.user, o.password)}
	inner := model.Service.NewServer()
	defer model.Remove()
	defer inner.Close()

	certificate, err := tls.LoadX509KeyPair(o.certificate, o.key)
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		log.Fatal(err)
	}
	handler := http.NewServeMux()
	front := newFront(o, model.Service)
	handler.Handle("/sdk", front)
	handler.Handle("/control", &control{front: front, inner: inner.URL})
	server := &http.Server{
		Handler:   handler,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}},
		ErrorLog:  log.New(io.Discard, "", 0),
	}
	fmt.Printf("https://%s/sdk\n", listener.Addr())
	go func() { log.Fatal(server.ServeTLS(listener, "", "")) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
}
