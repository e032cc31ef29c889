package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/simulator/vpx"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

const keptSamples = 180 // an hour's

// The simulator's performance manager with samples as a real vCenter has them: at instants that
// stay, oldest first, those after the start only, none of a VM that is off, zeros written out.
type performance struct {
	*simulator.PerformanceManager
	options *options
}

// What the property collector is to see.
func (p *performance) Get() mo.Reference { return p.PerformanceManager }

// As types.PerfMetricIntSeries, which leaves out zeros. The type's name is what xsi:type says.
type PerfMetricIntSeries struct {
	types.PerfMetricSeries
	Value []int64 `xml:"value"`
}

func (p *performance) QueryPerfProviderSummary(ctx *simulator.Context, req *types.QueryPerfProviderSummary) soap.HasFault {
	answer := p.PerformanceManager.QueryPerfProviderSummary(ctx, req)
	if body, ok := answer.(*methods.QueryPerfProviderSummaryBody); ok && body.Fault_ == nil {
		body.Res.Returnval.RefreshRate = int32(p.options.interval)
	}
	return answer
}

func machine(reference types.ManagedObjectReference) *simulator.VirtualMachine {
	vm, _ := simulator.Map.Get(reference).(*simulator.VirtualMachine)
	return vm
}

func isOn(vm *simulator.VirtualMachine) bool {
	return vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn
}

func gone(reference types.ManagedObjectReference) *soap.Fault {
	text := "The object '" + reference.String() + "' has already been deleted or has not been completely created"
	return simulator.Fault(text, &types.ManagedObjectNotFound{Obj: reference})
}

func (p *performance) QueryAvailablePerfMetric(ctx *simulator.Context, req *types.QueryAvailablePerfMetric) soap.HasFault {
	vm := machine(req.Entity)
	if vm == nil {
		return &methods.QueryAvailablePerfMetricBody{Fault_: gone(req.Entity)}
	}
	if !isOn(vm) {
		return &methods.QueryAvailablePerfMetricBody{Res: &types.QueryAvailablePerfMetricResponse{}}
	}
	inner := *req
	inner.IntervalId = 20
	return p.PerformanceManager.QueryAvailablePerfMetric(ctx, &inner)
}

// Instants after the start and until now, as many as are asked for, oldest first.
func (p *performance) instants(spec *types.PerfQuerySpec) []time.Time {
	step := int64(p.options.interval)
	last := time.Now().Unix() / step
	first := last - keptSamples + 1
	if spec.StartTime != nil {
		if after := spec.StartTime.Unix()/step + 1; after > first {
			first = after
		}
	} else if spec.MaxSample > 0 {
		first = last - int64(spec.MaxSample) + 1
	}
	if spec.MaxSample > 0 && last-first+1 > int64(spec.MaxSample) {
		first = last - int64(spec.MaxSample) + 1
	}
	var list []time.Time
	for i := first; i <= last; i++ {
		list = append(list, time.Unix(i*step, 0).UTC())
	}
	if p.options.newestFirst {
		for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
			list[i], list[j] = list[j], list[i]
		}
	}
	return list
}

// Values of a VM by counter and instance, from its file if there is one. The value 'time' stands for
// the number of the interval since 1970.
func (p *performance) values(name string) map[string]string {
	values := map[string]string{}
	if p.options.values == "" {
		return values
	}
	file, err := os.Open(filepath.Join(p.options.values, name+".tsv"))
	if err != nil {
		return values
	}
	defer file.Close()
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		if part := strings.Split(scanner.Text(), "\t"); len(part) == 3 {
			values[part[0]+"\t"+part[1]] = part[2]
		}
	}
	return values
}

func (p *performance) value(values map[string]string, id types.PerfMetricId, at time.Time) int64 {
	number := at.Unix() / int64(p.options.interval)
	if text, ok := values[fmt.Sprintf("%d\t%s", id.CounterId, id.Instance)]; ok {
		if text == "time" {
			return number
		}
		value, _ := strconv.ParseInt(text, 10, 64)
		return value
	}
	// Figures that were once recorded from a real vCenter.
	if points := vpx.MetricData["VirtualMachine"][id.CounterId]; len(points) > 0 {
		return points[number%int64(len(points))]
	}
	return 0
}

func (p *performance) series(values map[string]string, id types.PerfMetricId, at []time.Time) types.BasePerfMetricSeries {
	list := make([]int64, len(at))
	for i := range at {
		list[i] = p.value(values, id, at[i])
	}
	if p.options.zerosLeftOut {
		return &types.PerfMetricIntSeries{PerfMetricSeries: types.PerfMetricSeries{Id: id}, Value: list}
	}
	return &PerfMetricIntSeries{types.PerfMetricSeries{Id: id}, list}
}

func (p *performance) QueryPerf(ctx *simulator.Context, req *types.QueryPerf) soap.HasFault {
	answer := new(types.QueryPerfResponse)
	for i := range req.QuerySpec {
		spec := &req.QuerySpec[i]
		vm := machine(spec.Entity)
		if vm == nil {
			return &methods.QueryPerfBody{Fault_: gone(spec.Entity)}
		}
		at := p.instants(spec)
		if !isOn(vm) || len(at) == 0 {
			continue
		}
		metric := &types.PerfEntityMetric{PerfEntityMetricBase: types.PerfEntityMetricBase{Entity: spec.Entity}}
		for _, instant := range at {
			metric.SampleInfo = append(metric.SampleInfo,
				types.PerfSampleInfo{Timestamp: instant, Interval: int32(p.options.interval)})
		}
		values := p.values(vm.Name)
		for _, id := range spec.MetricId {
			metric.Value = append(metric.Value, p.series(values, id, at))
		}
		answer.Returnval = append(answer.Returnval, metric)
	}
	return &methods.QueryPerfBody{Res: answer}
}
