# Timeline of experiment cpu-high-homestead-1
# Data: timeline-006-cpu-high-homestead-1.csv. Run 'gnuplot timeline-006-cpu-high-homestead-1.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 900,832 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 9.00in,8.32in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'timeline-006-cpu-high-homestead-1.'.form
set datafile separator comma
set datafile columnheaders
scale = 1.
time_label = 'Time since the measurement began (seconds)'
set xrange [0:240.000/scale]
set format x ''
set datafile missing NaN
set multiplot layout 7,1 margins screen 0.075, 0.985, 0.0673, 0.9471 spacing screen 0, 0.0433
set object 1 rectangle from 120.020/scale, graph 0 to 121.067/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object 2 rectangle from 121.067/scale, graph 0 to 129.096/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.34 noborder
set object 3 rectangle from 129.096/scale, graph 0 to 129.161/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object 4 rectangle from 129.161/scale, graph 0 to 132.161/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set label 2 'Shaded: cpu high on homestead; grey: cool-down' at screen 0.985, screen 1 right offset 0, -0.9 textcolor rgb '#5b6470'
set label 1 'Calls (1/s)' at graph 0, graph 1.13 left textcolor rgb '#1b2230'
set yrange [0:200]
set ytics 0, 50
set key at graph 1, graph 1.24 right top horizontal Left reverse
plot 'timeline-006-cpu-high-homestead-1.csv' using ($1/scale):2 with lines dashtype 2 linewidth 1 linecolor rgb '#8a93a0' title 'offered', \
     '' using ($1/scale):4 with lines linewidth 1.4 linecolor rgb '#1b2230' title 'succeeded', \
     '' using ($1/scale):5 with lines linewidth 1.4 linecolor rgb '#b2182b' title 'failed'
unset key
unset label 2
set label 1 'Failed calls (% of calls that ended)' at graph 0, graph 1.13 left textcolor rgb '#1b2230'
set yrange [0:1]
set ytics 0, 0.5
plot 'timeline-006-cpu-high-homestead-1.csv' using ($1/scale):6 with lines linewidth 1.4 linecolor rgb '#b2182b'
set label 1 'Mean response time, call (ms)' at graph 0, graph 1.13 left textcolor rgb '#1b2230'
set yrange [0:40]
set ytics 0, 10
plot 'timeline-006-cpu-high-homestead-1.csv' using ($1/scale):7 with lines linewidth 1.4 linecolor rgb '#1b2230'
set label 1 'homestead: cpu.stat.nr_periods (events/s)' at graph 0, graph 1.13 left textcolor rgb '#1b2230'
set yrange [60:110]
set ytics 60, 10
plot 'timeline-006-cpu-high-homestead-1-metrics.csv' using ($1 == 0 ? $2/scale : NaN):3 with lines linewidth 1.4 linecolor rgb '#12507b'
set label 1 'homestead: memory.stat.rss (MB)' at graph 0, graph 1.13 left textcolor rgb '#1b2230'
set yrange [12:16]
set ytics 12, 1
plot 'timeline-006-cpu-high-homestead-1-metrics.csv' using ($1 == 1 ? $2/scale : NaN):3 with lines linewidth 1.4 linecolor rgb '#12507b'
set label 1 'homestead: network.receive.packets (packets/s)' at graph 0, graph 1.13 left textcolor rgb '#1b2230'
set yrange [520:620]
set ytics 520, 20
plot 'timeline-006-cpu-high-homestead-1-metrics.csv' using ($1 == 2 ? $2/scale : NaN):3 with lines linewidth 1.4 linecolor rgb '#12507b'
set label 1 'homestead: blkio.throttle.io_serviced_recursive.Write (events/s)' at graph 0, graph 1.13 left textcolor rgb '#1b2230'
set format x '%g'
set label 3 time_label at graph 0.5, screen 0 center offset 0, 0.8 textcolor rgb '#3a424d'
set yrange [0:100]
set ytics 0, 50
plot 'timeline-006-cpu-high-homestead-1-metrics.csv' using ($1 == 3 ? $2/scale : NaN):3 with lines linewidth 1.4 linecolor rgb '#12507b'
unset multiplot
set output
}
