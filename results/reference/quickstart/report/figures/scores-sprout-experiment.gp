# Scores over time, sprout
# Data: scores-sprout-experiment.csv. Run 'gnuplot scores-sprout-experiment.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 1120,214 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 11.20in,2.14in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'scores-sprout-experiment.'.form
set datafile separator comma
set datafile columnheaders
scale = 1.
set xrange [0:372.010/scale]
set format x ''
set datafile missing NaN
logarithm(ratio) = ratio > 1e-3 ? log10(ratio) : -3
time_label = 'Time of running, experiment after experiment (seconds)'
set key at screen 0.99, screen 1 right top horizontal maxrows 1 Left reverse
set multiplot layout 1,1 margins screen 0.055, 0.99, 0.2617, 0.7103 spacing screen 0, 0.1402
set x2range [0:372.010/scale]
set x2tics ('1' 31.001/scale, '2' 93.001/scale, '3' 155.005/scale, '4' 217.009/scale, '5' 279.008/scale, '6' 341.008/scale) scale 0 offset 0, 0.35 textcolor rgb '#5b6470' font ',9'
set arrow from 62.001/scale, graph 0 to 62.001/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 124.000/scale, graph 0 to 124.000/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 186.010/scale, graph 0 to 186.010/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 248.009/scale, graph 0 to 248.009/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 310.007/scale, graph 0 to 310.007/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set object rectangle from 86.016/scale, graph 0 to 87.076/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.22 noborder
set object rectangle from 87.076/scale, graph 0 to 101.096/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 101.177/scale, graph 0 to 106.177/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 87.076/scale, graph 1.01 to 101.177/scale, graph 1.08 front noclip fillcolor rgb '#d55e00' fillstyle solid 1 noborder
set object rectangle from 148.026/scale, graph 0 to 148.375/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.22 noborder
set object rectangle from 148.375/scale, graph 0 to 163.023/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 163.093/scale, graph 0 to 168.093/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 148.375/scale, graph 1.01 to 163.093/scale, graph 1.08 front noclip fillcolor rgb '#0072b2' fillstyle solid 1 noborder
set object rectangle from 210.151/scale, graph 0 to 225.054/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 225.130/scale, graph 0 to 230.130/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 210.151/scale, graph 1.01 to 225.130/scale, graph 1.08 front noclip fillcolor rgb '#009e73' fillstyle solid 1 noborder
set object rectangle from 272.084/scale, graph 0 to 287.031/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 287.173/scale, graph 0 to 292.173/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 272.084/scale, graph 1.01 to 287.173/scale, graph 1.08 front noclip fillcolor rgb '#cc79a7' fillstyle solid 1 noborder
set object rectangle from 334.123/scale, graph 0 to 349.036/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 349.137/scale, graph 0 to 354.137/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 334.123/scale, graph 1.01 to 349.137/scale, graph 1.08 front noclip fillcolor rgb '#e69f00' fillstyle solid 1 noborder
set label 1 'Score (alarm from 0.5)' at graph 0, screen 1 offset 0, -0.8 left textcolor rgb '#1b2230'
set format x '%g'
set label 2 time_label at graph 0.5, screen 0 center offset 0, 0.8 textcolor rgb '#3a424d'
set yrange [0:1.03]
set ytics 0, 0.5
plot 'scores-sprout-experiment.csv' using ($1 == 0 ? $2/scale : NaN):($3) with lines linewidth 0.9 linecolor rgb '#12507b', \
     0.5 with lines dashtype 2 linewidth 1.1 linecolor rgb '#e69f00', \
     'scores-sprout-experiment.csv' using ($1 == 0 && $4 == 1 ? $2/scale : NaN):($3) with points pointtype 7 pointsize 0.28 linecolor rgb '#b2182b' title 'alarm', \
     keyentry with boxes fillcolor rgb '#d55e00' title 'cpu', \
     keyentry with boxes fillcolor rgb '#0072b2' title 'memory', \
     keyentry with boxes fillcolor rgb '#009e73' title 'disk', \
     keyentry with boxes fillcolor rgb '#cc79a7' title 'packet-loss', \
     keyentry with boxes fillcolor rgb '#e69f00' title 'latency'
unset x2tics
unset key
unset multiplot
set output
}
