# Makes rates.csv, and prints the figures of TableOffsetTest (R 4.2.2): Rscript rates.R
set.seed(5)
n <- 200
x <- round(runif(n, -1, 1), 3)
kind <- sample(c("a", "b", "c"), n, TRUE)
t <- round(runif(n, 0.5, 4), 2)
y <- rpois(n, t * exp(0.3 + 0.8 * x - 0.5 * (kind == "b") + 0.4 * (kind == "c")))
d <- data.frame(y, x, kind, t)
write.csv(d, "rates.csv", row.names = FALSE, quote = FALSE)

m <- glm(y ~ x + kind + offset(log(t)), poisson, d)
print(coef(m), digits = 12)
print(deviance(m), digits = 12)
print(logLik(m), digits = 12)
new <- data.frame(x = c(0.5, 0.5, -1), kind = c("b", "b", "c"), t = c(1, 3, 2.5))
print(predict(m, new, type = "response"), digits = 12)
