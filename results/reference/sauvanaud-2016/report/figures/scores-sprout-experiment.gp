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
scale = 60.
set xrange [0:7200.022/scale]
set format x ''
set datafile missing NaN
logarithm(ratio) = ratio > 1e-3 ? log10(ratio) : -3
time_label = 'Time of running, experiment after experiment (minutes)'
set key at screen 0.99, screen 1 right top horizontal maxrows 1 Left reverse
set multiplot layout 1,1 margins screen 0.055, 0.99, 0.2617, 0.7103 spacing screen 0, 0.1402
set x2range [0:7200.022/scale]
set x2tics ('1' 120.000/scale, '2' 360.001/scale, '3' 600.002/scale, '4' 840.003/scale, '5' 1080.002/scale, '6' 1320.003/scale, '7' 1560.003/scale, '8' 1800.003/scale, '9' 2040.004/scale, '10' 2280.003/scale, '11' 2520.001/scale, '13' 2760.002/scale, '14' 3000.004/scale, '16' 3240.002/scale, '17' 3480.015/scale, '18' 3720.023/scale, '19' 3960.016/scale, '20' 4200.013/scale, '21' 4440.012/scale, '22' 4680.012/scale, '23' 4920.012/scale, '24' 5160.013/scale, '25' 5400.016/scale, '26' 5640.020/scale, '27' 5880.021/scale, '28' 6120.021/scale, '29' 6360.021/scale, '30' 6600.021/scale, '12' 6840.021/scale, '15' 7080.022/scale) scale 0 offset 0, 0.35 textcolor rgb '#5b6470' font ',9'
set arrow from 240.000/scale, graph 0 to 240.000/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 480.002/scale, graph 0 to 480.002/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 720.003/scale, graph 0 to 720.003/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 960.003/scale, graph 0 to 960.003/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1200.002/scale, graph 0 to 1200.002/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1440.003/scale, graph 0 to 1440.003/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1680.003/scale, graph 0 to 1680.003/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1920.004/scale, graph 0 to 1920.004/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2160.003/scale, graph 0 to 2160.003/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2400.002/scale, graph 0 to 2400.002/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2640.001/scale, graph 0 to 2640.001/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2880.004/scale, graph 0 to 2880.004/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3120.004/scale, graph 0 to 3120.004/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3360.000/scale, graph 0 to 3360.000/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3600.030/scale, graph 0 to 3600.030/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3840.016/scale, graph 0 to 3840.016/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4080.015/scale, graph 0 to 4080.015/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4320.011/scale, graph 0 to 4320.011/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4560.013/scale, graph 0 to 4560.013/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4800.011/scale, graph 0 to 4800.011/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5040.013/scale, graph 0 to 5040.013/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5280.013/scale, graph 0 to 5280.013/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5520.019/scale, graph 0 to 5520.019/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5760.021/scale, graph 0 to 5760.021/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6000.021/scale, graph 0 to 6000.021/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6240.021/scale, graph 0 to 6240.021/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6480.022/scale, graph 0 to 6480.022/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6720.021/scale, graph 0 to 6720.021/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6960.021/scale, graph 0 to 6960.021/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set object rectangle from 121.053/scale, graph 0 to 128.305/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 128.361/scale, graph 0 to 131.361/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 113.187/scale, graph 1.01 to 136.227/scale, graph 1.08 front noclip fillcolor rgb '#d55e00' fillstyle solid 1 noborder
set object rectangle from 360.305/scale, graph 0 to 368.297/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 368.350/scale, graph 0 to 371.350/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 352.807/scale, graph 1.01 to 375.848/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 600.180/scale, graph 0 to 608.300/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 608.350/scale, graph 0 to 611.350/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 592.745/scale, graph 1.01 to 615.785/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 840.341/scale, graph 0 to 848.369/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 848.457/scale, graph 0 to 851.457/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 832.879/scale, graph 1.01 to 855.919/scale, graph 1.08 front noclip fillcolor rgb '#d55e00' fillstyle solid 1 noborder
set object rectangle from 1080.336/scale, graph 0 to 1088.321/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 1088.383/scale, graph 0 to 1091.383/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1072.840/scale, graph 1.01 to 1095.880/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 1320.316/scale, graph 0 to 1328.345/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 1328.411/scale, graph 0 to 1331.411/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1312.844/scale, graph 1.01 to 1335.884/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 1560.139/scale, graph 0 to 1568.275/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 1568.323/scale, graph 0 to 1571.323/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1552.711/scale, graph 1.01 to 1575.751/scale, graph 1.08 front noclip fillcolor rgb '#0072b2' fillstyle solid 1 noborder
set object rectangle from 1800.061/scale, graph 0 to 1808.277/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 1808.334/scale, graph 0 to 1811.334/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1792.678/scale, graph 1.01 to 1815.718/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2040.199/scale, graph 0 to 2048.277/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 2048.329/scale, graph 0 to 2051.329/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2032.744/scale, graph 1.01 to 2055.784/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2280.523/scale, graph 0 to 2288.285/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2288.358/scale, graph 0 to 2291.358/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2272.920/scale, graph 1.01 to 2295.960/scale, graph 1.08 front noclip fillcolor rgb '#0072b2' fillstyle solid 1 noborder
set object rectangle from 2520.237/scale, graph 0 to 2528.277/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 2528.334/scale, graph 0 to 2531.334/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2512.766/scale, graph 1.01 to 2535.806/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2759.355/scale, graph 0 to 2768.266/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 2768.333/scale, graph 0 to 2771.333/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2752.324/scale, graph 1.01 to 2775.364/scale, graph 1.08 front noclip fillcolor rgb '#009e73' fillstyle solid 1 noborder
set object rectangle from 2999.842/scale, graph 0 to 3008.350/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 3008.595/scale, graph 0 to 3011.595/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2992.699/scale, graph 1.01 to 3015.739/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3239.391/scale, graph 0 to 3248.284/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3248.360/scale, graph 0 to 3251.360/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3232.356/scale, graph 1.01 to 3255.396/scale, graph 1.08 front noclip fillcolor rgb '#009e73' fillstyle solid 1 noborder
set object rectangle from 3479.739/scale, graph 0 to 3488.295/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 3488.518/scale, graph 0 to 3491.518/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3472.608/scale, graph 1.01 to 3495.648/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3719.931/scale, graph 0 to 3728.453/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 3728.739/scale, graph 0 to 3731.739/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3712.815/scale, graph 1.01 to 3735.855/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3959.411/scale, graph 0 to 3968.297/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 3968.428/scale, graph 0 to 3971.428/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3952.399/scale, graph 1.01 to 3975.440/scale, graph 1.08 front noclip fillcolor rgb '#cc79a7' fillstyle solid 1 noborder
set object rectangle from 4199.894/scale, graph 0 to 4208.359/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 4208.626/scale, graph 0 to 4211.626/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4192.740/scale, graph 1.01 to 4215.780/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4439.366/scale, graph 0 to 4448.290/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 4448.411/scale, graph 0 to 4451.411/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4432.368/scale, graph 1.01 to 4455.409/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4679.392/scale, graph 0 to 4688.286/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4688.478/scale, graph 0 to 4691.478/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4672.415/scale, graph 1.01 to 4695.455/scale, graph 1.08 front noclip fillcolor rgb '#cc79a7' fillstyle solid 1 noborder
set object rectangle from 4919.366/scale, graph 0 to 4928.283/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 4928.396/scale, graph 0 to 4931.396/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4912.361/scale, graph 1.01 to 4935.401/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 5159.349/scale, graph 0 to 5168.282/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 5168.422/scale, graph 0 to 5171.422/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5152.365/scale, graph 1.01 to 5175.405/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 5399.411/scale, graph 0 to 5408.303/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 5408.508/scale, graph 0 to 5411.508/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5392.439/scale, graph 1.01 to 5415.479/scale, graph 1.08 front noclip fillcolor rgb '#e69f00' fillstyle solid 1 noborder
set object rectangle from 5639.413/scale, graph 0 to 5648.316/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 5648.476/scale, graph 0 to 5651.476/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5632.424/scale, graph 1.01 to 5655.464/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 5879.389/scale, graph 0 to 5888.312/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 5888.512/scale, graph 0 to 5891.512/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5872.431/scale, graph 1.01 to 5895.471/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6119.404/scale, graph 0 to 6128.298/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6128.431/scale, graph 0 to 6131.431/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6112.398/scale, graph 1.01 to 6135.438/scale, graph 1.08 front noclip fillcolor rgb '#e69f00' fillstyle solid 1 noborder
set object rectangle from 6359.410/scale, graph 0 to 6368.304/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 6368.472/scale, graph 0 to 6371.472/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6352.421/scale, graph 1.01 to 6375.461/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6599.394/scale, graph 0 to 6608.297/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 6608.389/scale, graph 0 to 6611.389/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6592.371/scale, graph 1.01 to 6615.411/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6839.923/scale, graph 0 to 6848.296/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 6848.354/scale, graph 0 to 6851.354/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6832.619/scale, graph 1.01 to 6855.659/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 7079.402/scale, graph 0 to 7088.298/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 7088.503/scale, graph 0 to 7091.503/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 7072.432/scale, graph 1.01 to 7095.472/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
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
