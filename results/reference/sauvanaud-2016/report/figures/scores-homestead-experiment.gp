# Scores over time, homestead
# Data: scores-homestead-experiment.csv. Run 'gnuplot scores-homestead-experiment.gp' in this folder to draw it again.
do for [form in 'svg pdf'] {
reset
load 'style.gp'
if (form eq 'svg') {
set terminal svg size 1120,214 noenhanced font 'Helvetica,12' background rgb 'white'
} else {
set terminal pdfcairo size 11.20in,2.14in noenhanced font 'Sans,8.6' background rgb 'white'
}
set output 'scores-homestead-experiment.'.form
set datafile separator comma
set datafile columnheaders
scale = 60.
set xrange [0:7200.054/scale]
set format x ''
set datafile missing NaN
logarithm(ratio) = ratio > 1e-3 ? log10(ratio) : -3
time_label = 'Time of running, experiment after experiment (minutes)'
set key at screen 0.99, screen 1 right top horizontal maxrows 1 Left reverse
set multiplot layout 1,1 margins screen 0.055, 0.99, 0.2617, 0.7103 spacing screen 0, 0.1402
set x2range [0:7200.054/scale]
set x2tics ('1' 120.000/scale, '2' 360.001/scale, '3' 600.003/scale, '4' 840.004/scale, '5' 1080.004/scale, '6' 1320.004/scale, '7' 1560.004/scale, '8' 1800.005/scale, '9' 2040.006/scale, '10' 2280.005/scale, '11' 2520.003/scale, '13' 2760.012/scale, '14' 3000.021/scale, '16' 3240.020/scale, '17' 3480.035/scale, '18' 3720.045/scale, '19' 3960.036/scale, '20' 4200.033/scale, '21' 4440.035/scale, '22' 4680.037/scale, '23' 4920.037/scale, '24' 5160.039/scale, '25' 5400.042/scale, '26' 5640.046/scale, '27' 5880.048/scale, '28' 6120.050/scale, '29' 6360.051/scale, '30' 6600.051/scale, '12' 6840.050/scale, '15' 7080.052/scale) scale 0 offset 0, 0.35 textcolor rgb '#5b6470' font ',9'
set arrow from 240.000/scale, graph 0 to 240.000/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 480.002/scale, graph 0 to 480.002/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 720.003/scale, graph 0 to 720.003/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 960.004/scale, graph 0 to 960.004/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1200.003/scale, graph 0 to 1200.003/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1440.004/scale, graph 0 to 1440.004/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1680.004/scale, graph 0 to 1680.004/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 1920.006/scale, graph 0 to 1920.006/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2160.006/scale, graph 0 to 2160.006/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2400.004/scale, graph 0 to 2400.004/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2640.003/scale, graph 0 to 2640.003/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 2880.021/scale, graph 0 to 2880.021/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3120.021/scale, graph 0 to 3120.021/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3360.018/scale, graph 0 to 3360.018/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3600.052/scale, graph 0 to 3600.052/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 3840.037/scale, graph 0 to 3840.037/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4080.035/scale, graph 0 to 4080.035/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4320.031/scale, graph 0 to 4320.031/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4560.038/scale, graph 0 to 4560.038/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 4800.036/scale, graph 0 to 4800.036/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5040.038/scale, graph 0 to 5040.038/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5280.039/scale, graph 0 to 5280.039/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5520.044/scale, graph 0 to 5520.044/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 5760.048/scale, graph 0 to 5760.048/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6000.048/scale, graph 0 to 6000.048/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6240.051/scale, graph 0 to 6240.051/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6480.052/scale, graph 0 to 6480.052/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6720.050/scale, graph 0 to 6720.050/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set arrow from 6960.050/scale, graph 0 to 6960.050/scale, graph 1 nohead back linewidth 0.5 linecolor rgb '#c3cad3'
set object rectangle from 121.052/scale, graph 0 to 128.304/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 128.360/scale, graph 0 to 131.360/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 113.186/scale, graph 1.01 to 136.226/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 360.304/scale, graph 0 to 368.297/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 368.350/scale, graph 0 to 371.350/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 352.807/scale, graph 1.01 to 375.847/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 600.179/scale, graph 0 to 608.299/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 608.350/scale, graph 0 to 611.350/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 592.745/scale, graph 1.01 to 615.785/scale, graph 1.08 front noclip fillcolor rgb '#d55e00' fillstyle solid 1 noborder
set object rectangle from 840.341/scale, graph 0 to 848.369/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 848.456/scale, graph 0 to 851.456/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 832.879/scale, graph 1.01 to 855.919/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 1080.337/scale, graph 0 to 1088.321/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.16 noborder
set object rectangle from 1088.383/scale, graph 0 to 1091.383/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1072.840/scale, graph 1.01 to 1095.880/scale, graph 1.04 front noclip fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 1320.316/scale, graph 0 to 1328.345/scale, graph 1 behind fillcolor rgb '#d55e00' fillstyle solid 0.45 noborder
set object rectangle from 1328.411/scale, graph 0 to 1331.411/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1312.844/scale, graph 1.01 to 1335.884/scale, graph 1.08 front noclip fillcolor rgb '#d55e00' fillstyle solid 1 noborder
set object rectangle from 1560.139/scale, graph 0 to 1568.276/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 1568.323/scale, graph 0 to 1571.323/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1552.711/scale, graph 1.01 to 1575.751/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 1800.062/scale, graph 0 to 1808.277/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 1808.335/scale, graph 0 to 1811.335/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 1792.678/scale, graph 1.01 to 1815.718/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2040.200/scale, graph 0 to 2048.279/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2048.331/scale, graph 0 to 2051.331/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2032.745/scale, graph 1.01 to 2055.786/scale, graph 1.08 front noclip fillcolor rgb '#0072b2' fillstyle solid 1 noborder
set object rectangle from 2280.523/scale, graph 0 to 2288.285/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 2288.359/scale, graph 0 to 2291.359/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2272.921/scale, graph 1.01 to 2295.961/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2520.238/scale, graph 0 to 2528.278/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.16 noborder
set object rectangle from 2528.336/scale, graph 0 to 2531.336/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2512.767/scale, graph 1.01 to 2535.807/scale, graph 1.04 front noclip fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 2759.356/scale, graph 0 to 2768.267/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 2768.334/scale, graph 0 to 2771.334/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2752.325/scale, graph 1.01 to 2775.365/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 2999.858/scale, graph 0 to 3008.366/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 3008.611/scale, graph 0 to 3011.611/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 2992.714/scale, graph 1.01 to 3015.755/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3239.408/scale, graph 0 to 3248.300/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 3248.377/scale, graph 0 to 3251.377/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3232.372/scale, graph 1.01 to 3255.412/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3479.755/scale, graph 0 to 3488.311/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.16 noborder
set object rectangle from 3488.534/scale, graph 0 to 3491.534/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3472.625/scale, graph 1.01 to 3495.665/scale, graph 1.04 front noclip fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3719.951/scale, graph 0 to 3728.473/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 3728.758/scale, graph 0 to 3731.758/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3712.835/scale, graph 1.01 to 3735.875/scale, graph 1.08 front noclip fillcolor rgb '#009e73' fillstyle solid 1 noborder
set object rectangle from 3959.430/scale, graph 0 to 3968.317/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 3968.447/scale, graph 0 to 3971.447/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 3952.419/scale, graph 1.01 to 3975.459/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4199.913/scale, graph 0 to 4208.378/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 4208.646/scale, graph 0 to 4211.646/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4192.759/scale, graph 1.01 to 4215.799/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4439.385/scale, graph 0 to 4448.310/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4448.431/scale, graph 0 to 4451.431/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4432.388/scale, graph 1.01 to 4455.428/scale, graph 1.08 front noclip fillcolor rgb '#cc79a7' fillstyle solid 1 noborder
set object rectangle from 4679.416/scale, graph 0 to 4688.311/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 4688.503/scale, graph 0 to 4691.503/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4672.439/scale, graph 1.01 to 4695.479/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 4919.390/scale, graph 0 to 4928.307/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.16 noborder
set object rectangle from 4928.420/scale, graph 0 to 4931.420/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 4912.385/scale, graph 1.01 to 4935.425/scale, graph 1.04 front noclip fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 5159.373/scale, graph 0 to 5168.306/scale, graph 1 behind fillcolor rgb '#cc79a7' fillstyle solid 0.45 noborder
set object rectangle from 5168.446/scale, graph 0 to 5171.446/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5152.390/scale, graph 1.01 to 5175.430/scale, graph 1.08 front noclip fillcolor rgb '#cc79a7' fillstyle solid 1 noborder
set object rectangle from 5399.436/scale, graph 0 to 5408.328/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 5408.533/scale, graph 0 to 5411.533/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5392.464/scale, graph 1.01 to 5415.504/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 5639.438/scale, graph 0 to 5648.341/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 5648.501/scale, graph 0 to 5651.501/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5632.449/scale, graph 1.01 to 5655.490/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 5879.415/scale, graph 0 to 5888.337/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 5888.538/scale, graph 0 to 5891.538/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 5872.456/scale, graph 1.01 to 5895.497/scale, graph 1.08 front noclip fillcolor rgb '#e69f00' fillstyle solid 1 noborder
set object rectangle from 6119.430/scale, graph 0 to 6128.324/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 6128.456/scale, graph 0 to 6131.456/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6112.423/scale, graph 1.01 to 6135.463/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6359.439/scale, graph 0 to 6368.333/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.16 noborder
set object rectangle from 6368.501/scale, graph 0 to 6371.501/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6352.450/scale, graph 1.01 to 6375.490/scale, graph 1.04 front noclip fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6599.422/scale, graph 0 to 6608.324/scale, graph 1 behind fillcolor rgb '#e69f00' fillstyle solid 0.45 noborder
set object rectangle from 6608.416/scale, graph 0 to 6611.416/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6592.399/scale, graph 1.01 to 6615.439/scale, graph 1.08 front noclip fillcolor rgb '#e69f00' fillstyle solid 1 noborder
set object rectangle from 6839.951/scale, graph 0 to 6848.324/scale, graph 1 behind fillcolor rgb '#0072b2' fillstyle solid 0.45 noborder
set object rectangle from 6848.382/scale, graph 0 to 6851.382/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 6832.647/scale, graph 1.01 to 6855.687/scale, graph 1.08 front noclip fillcolor rgb '#0072b2' fillstyle solid 1 noborder
set object rectangle from 7079.429/scale, graph 0 to 7088.325/scale, graph 1 behind fillcolor rgb '#009e73' fillstyle solid 0.45 noborder
set object rectangle from 7088.530/scale, graph 0 to 7091.530/scale, graph 1 behind fillcolor rgb '#6b7280' fillstyle solid 0.14 noborder
set object rectangle from 7072.459/scale, graph 1.01 to 7095.499/scale, graph 1.08 front noclip fillcolor rgb '#009e73' fillstyle solid 1 noborder
set label 1 'Score (alarm from 0.5)' at graph 0, screen 1 offset 0, -0.8 left textcolor rgb '#1b2230'
set format x '%g'
set label 2 time_label at graph 0.5, screen 0 center offset 0, 0.8 textcolor rgb '#3a424d'
set yrange [0:1.03]
set ytics 0, 0.5
plot 'scores-homestead-experiment.csv' using ($1 == 0 ? $2/scale : NaN):($3) with lines linewidth 0.9 linecolor rgb '#12507b', \
     0.5 with lines dashtype 2 linewidth 1.1 linecolor rgb '#e69f00', \
     'scores-homestead-experiment.csv' using ($1 == 0 && $4 == 1 ? $2/scale : NaN):($3) with points pointtype 7 pointsize 0.28 linecolor rgb '#b2182b' title 'alarm', \
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
