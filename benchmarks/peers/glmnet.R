# R's glmnet on a table in .npy (column-major doubles, the label last): glmnet.R TABLE PENALTY OUT
# PENALTY is a number for one ridge fit, path:ALPHA for the whole path of 100 penalties, cold, at its own settings, or
# path:ALPHA:FILE for the path of the penalties in a file, one a line.
suppressMessages(library(glmnet))
arguments <- commandArgs(trailingOnly = TRUE)

read_table <- function(path) {
  file <- file(path, "rb")
  on.exit(close(file))
  start <- readBin(file, "raw", 10)
  stopifnot(identical(start[1:6], as.raw(c(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59))), start[7] == as.raw(1))
  header <- rawToChar(readBin(file, "raw", as.integer(start[9]) + 256L * as.integer(start[10])))
  stopifnot(grepl("'fortran_order': True", header), grepl("<f8", header))
  shape <- as.integer(strsplit(sub(".*\\(([0-9]+), ([0-9]+)\\).*", "\\1 \\2", header), " ")[[1]])
  matrix(readBin(file, "double", prod(shape)), shape[1], shape[2])
}

path <- strsplit(arguments[2], ":", fixed = TRUE)[[1]]
lambda <- if (length(path) == 3) scan(path[3], quiet = TRUE) else NULL

fit <- function(x, y) {
  if (startsWith(arguments[2], "path:"))
    glmnet(x, y, family = "binomial", alpha = as.numeric(path[2]), lambda = lambda, standardize = FALSE)
  else
    glmnet(x, y, family = "binomial", alpha = 0, lambda = as.numeric(arguments[2]), standardize = FALSE)
}

number <- function(values) paste0("[", paste(format(values, digits = 17, scientific = TRUE, trim = TRUE), collapse = ","), "]")

table <- read_table(arguments[1])
x <- table[, -ncol(table)]
y <- table[, ncol(table)]
rm(table)
invisible(fit(x[1:2000, ], y[1:2000]))
seconds <- system.time(model <- fit(x, y))[["elapsed"]]
last <- length(model$lambda)
solutions <- apply(rbind(model$a0, as.matrix(model$beta)), 2, number)
writeLines(sprintf(
  '{"seconds": {"fit": %.4f}, "converged": %s, "iterations": %d, "lambda": %s, "intercept": %.17g, "slopes": %s, "path": [%s]}',
  seconds, if (model$jerr == 0) "true" else "false", model$npasses, number(model$lambda), model$a0[[last]],
  number(as.numeric(model$beta[, last])), paste(solutions, collapse = ",")), arguments[3])
