#!/usr/bin/env Rscript
# What tests/integration/forest_probe.c does, with ranger (Debian: r-cran-ranger): a probability
# forest with trees grown to purity, as the two others do it.
# usage: peer_ranger.R FILE ROWS COLUMNS TREES SEED THREADS SCORES BINS CLASSES (bins are ignored:
# its splits are exact)
library(ranger)

score_times <- 5
one_times <- 50
cpu <- function() sum(proc.time()[c("user.self", "sys.self")])
elapsed <- function() proc.time()[["elapsed"]]
memory_status <- function(name) {
    line <- grep(name, readLines("/proc/self/status"), value = TRUE)
    as.numeric(gsub("[^0-9]", "", line))
}

words <- commandArgs(trailingOnly = TRUE)
rows <- as.integer(words[2])
columns <- as.integer(words[3])
threads <- as.integer(words[6])
input <- file(words[1], "rb")
values <- matrix(readBin(input, "double", rows * columns), nrow = rows, byrow = TRUE)
count <- as.integer(words[9])
classes <- factor(as.integer(readBin(input, "raw", rows)), levels = 0:(max(count, 2) - 1))
train <- as.integer(readBin(input, "raw", rows)) > 0
close(input)
colnames(values) <- paste0("metric", seq_len(columns))
train_values <- values[train, ]
train_classes <- classes[train]
invisible(gc())

cat("5", file = "/proc/self/clear_refs")
before <- memory_status("VmRSS")
start <- c(cpu(), elapsed())
forest <- ranger(x = train_values, y = train_classes, num.trees = as.integer(words[4]),
                 probability = TRUE, min.node.size = 1, num.threads = threads,
                 seed = as.integer(words[5]), oob.error = FALSE, verbose = FALSE)
cat("fit", cpu() - start[1], "\n")
cat("fit_elapsed", elapsed() - start[2], "\n")
cat("memory", memory_status("VmHWM") - before, "\n")
start <- cpu()
for (i in seq_len(score_times))
    predictions <- predict(forest, values, num.threads = threads, verbose = FALSE)$predictions
end <- cpu()
cat("score", (end - start) / score_times, "\n")
for (i in seq_len(one_times))
    predict(forest, values[i, , drop = FALSE], num.threads = threads, verbose = FALSE)
cat("one", 1e6 * (cpu() - end) / one_times, "\n")
if (count == 0) predictions <- predictions[, "1"] else predictions <- t(predictions)
writeBin(as.double(predictions), words[7])
