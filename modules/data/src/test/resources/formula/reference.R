# Writes the design matrices that DesignReferenceTest compares with: Rscript reference.R
# Made by R 4.2.2 with its own packages stats and splines, in the C locale.
invisible(Sys.setlocale("LC_COLLATE", "C"))
library(splines)

n <- 24
i <- seq_len(n)
d <- data.frame(
  y = (i * 7) %% 11,
  x = round(((i * 37) %% 101) / 13, 3),
  z = round(sin(i) * 2, 4),
  t = round(exp(((i * 5) %% 9) / 3), 3),
  h = (i * 5) %% 6,
  s = c(0.5, 1e-5, 2.25)[(i %% 3) + 1],
  day = as.Date("2011-01-30") + i,
  a = c("low", "High", "mid")[((i * 2) %% 3) + 1],
  b = c("yes", "no")[(i %/% 5) %% 2 + 1],
  check.names = FALSE, stringsAsFactors = FALSE)
d[["my col"]] <- (i * 3) %% 7
write.csv(d, "data.csv", row.names = FALSE, quote = c(8, 9))

gaps <- d
gaps$x[c(3, 9)] <- NA
gaps$a[c(5, 9)] <- NA
gaps$y[7] <- NA
write.csv(gaps, "gaps.csv", row.names = FALSE, quote = c(8, 9), na = "")

# Beyond the values that knots were fitted to.
new <- d[1:6, ]
new$x <- c(-3, -0.5, 0, 7.5, 9, 12)
new$z <- c(-4, -2.5, 0.1, 1, 2.5, 5)
write.csv(new, "new.csv", row.names = FALSE, quote = c(8, 9))

formulas <- c(
  "y ~ x", "y ~ x + z - 1", "y ~ 0 + a", "y ~ a", "y ~ a + b - 1", "y ~ a * b", "y ~ a:b",
  "y ~ a + a:b", "y ~ b + a:b", "y ~ a:x", "y ~ a * x", "y ~ a:x - 1", "y ~ x + x:a + b",
  "y ~ a * b * x", "y ~ (a + b + x)^2", "y ~ (a + b + x)^2 - a:b", "y ~ a * b * factor(h) - a:b",
  "y ~ a:b:x", "y ~ a + b:x:z + x", "y ~ x:z - 1 + b:a",
  "y ~ factor(h)", "y ~ factor(h) - 1", "y ~ factor(s) + factor(day)", "y ~ factor(h) * z", "y ~ day",
  "y ~ .", "log(t) ~ . - day", "y ~ . - 1 - factor(h) - s", "y ~ `my col` + log(`my col` + 1)",
  "y ~ I(x^2) + I(x*z) + I((x + 1)/2 - z) + I(-x)", "y ~ log(t) + sqrt(t) + exp(-x) + log1p(t)",
  "y ~ log(t, 2) + log2(t) + log10(t) + abs(z) + sin(z) + cos(z)",
  "y ~ x + offset(log(t))", "y ~ offset(log(t)) + a + offset(z)", "y ~ I(x*1e5) + I(x*0.0001)",
  "y ~ bs(x)", "y ~ bs(x, df = 5)", "y ~ bs(x, df = 6, degree = 2)", "y ~ bs(x, degree = 1, df = 4)",
  "y ~ bs(x, knots = c(2, 4.5))", "y ~ bs(x, df = 5, intercept = TRUE) - 1",
  "y ~ bs(x, df = 5, Boundary.knots = c(-1, 10))", "y ~ bs(x, knots = c(2, 3, 5), Boundary.knots = c(1, 6))",
  "y ~ ns(x)", "y ~ ns(x, df = 2)", "y ~ ns(x, df = 5)", "y ~ ns(x, 4)", "y ~ ns(x, knots = c(2, 4.5))",
  "y ~ ns(z, df = 4, intercept = TRUE) - 1", "y ~ ns(x, df = 4, Boundary.knots = c(1, 6))",
  "y ~ ns(log(t), df = 3)", "y ~ a * ns(x, df = 3)", "y ~ bs(x, df = 4):b", "y ~ ns(x, df = 3):bs(z)",
  "y ~ ns(x, df = 2) * b + ns(z, df = 2):a")
out <- file("designs.txt", "w")
number <- function(m) apply(m, 2, function(v) sprintf("%.15g", v))
frame <- function(m, offset) {
  columns <- number(unclass(m))
  if (!is.matrix(columns)) columns <- matrix(columns, nrow = nrow(m))
  colnames(columns) <- colnames(m)
  if (is.null(offset)) columns else cbind(columns, "(offset)" = sprintf("%.15g", offset))
}
# A block: what it is of, the names, the rows, an empty line.
write <- function(m, title) {
  header <- paste0('"', colnames(m), '"', collapse = ",")
  writeLines(c(title, header, apply(m, 1, paste, collapse = ","), ""), out)
}

for (k in seq_along(formulas)) {
  f <- as.formula(formulas[k])
  mf <- model.frame(f, d)
  write(frame(model.matrix(terms(mf), mf), model.offset(mf)), paste("data.csv", formulas[k]))
  newTerms <- delete.response(terms(mf))
  levels <- .getXlevels(terms(mf), mf)
  mfNew <- suppressWarnings(model.frame(newTerms, new, xlev = levels))
  write(frame(model.matrix(newTerms, mfNew), model.offset(mfNew)), paste("new.csv", formulas[k]))
}

mf <- model.frame(y ~ ns(x, df = 3) + a, gaps, na.action = na.omit, drop.unused.levels = TRUE)
write(frame(model.matrix(terms(mf), mf), NULL), "gaps.csv y ~ ns(x, df = 3) + a")
close(out)
