# Values of metafor for the data sets of this folder, by its public functions alone.
#
#   Rscript oracle.R FOLDER
#
# FOLDER holds manifest.csv and one CSV a data set, as regenerate.py writes them. Printed is one line a value:
# its path, a tab, and the numbers, separated by blanks. Names in a path are those of ivigil.synthesis.options.

suppressMessages(library(metafor))
options(warn = -1)

folder <- commandArgs(trailingOnly = TRUE)[1]
manifest <- read.csv(file.path(folder, "manifest.csv"), colClasses = "character")

TAU2 <- c("DL", "PM", "REML", "ML", "HE", "SJ", "EB", "HS")
INTERVALS <- c("normal" = "z", "hartung-knapp" = "knha", "hartung-knapp-at-least-normal" = "adhoc")
# So tight that what is left of the iteration is below the tolerances of the comparison.
SCORING <- list(threshold = 1e-13, maxiter = 10000)
ROOT <- list(tol = 1e-14, maxiter = 10000)

emit <- function(path, values) {
  values <- as.numeric(values)
  shown <- ifelse(is.finite(values), sprintf("%.12g", values), "null")
  cat(path, "\t", paste(shown, collapse = " "), "\n", sep = "")
}

# --- effects -----------------------------------------------------------------------------------------------------

# What each convention of ivigil is in metafor's words. Review Manager fills no table for Peto and leaves out tables
# that say nothing of a ratio; a difference of risks keeps them.
two_by_two <- function(d, measure, convention) {
  add <- if (convention == "none" || (convention == "revman" && measure == "PETO")) 0 else 1/2
  to <- if (add == 0) "none" else "only0"
  drop00 <- convention != "metafor" && measure != "RD"
  escalc(measure = measure, ai = d$events_a, n1i = d$n_a, ci = d$events_b, n2i = d$n_b, add = add, to = to,
         drop00 = drop00)
}

proportions <- function(d, measure, convention) {
  if (convention == "none" && !measure %in% c("PAS", "PFT")) {
    found <- escalc(measure = measure, xi = d$events, ni = d$n, add = 0, to = "none")
    found$yi[d$events == 0 | d$events == d$n] <- NA
    return(found)
  }
  escalc(measure = measure, xi = d$events, ni = d$n)
}

reported <- function(d, measure) {
  scale <- if (measure == "HR") log else identity
  se <- if ("se" %in% names(d)) d$se else (scale(d$high) - scale(d$low)) / (2 * qnorm(0.975))
  data.frame(yi = scale(d$estimate), vi = se^2)
}

effects_of <- function(d, kind, measure, convention) {
  switch(kind,
    "two-by-two" = two_by_two(d, measure, convention),
    "proportion" = proportions(d, measure, convention),
    "two means" = escalc(measure = measure, m1i = d$mean_a, sd1i = d$sd_a, n1i = d$n_a, m2i = d$mean_b,
                         sd2i = d$sd_b, n2i = d$n_b),
    "correlation" = escalc(measure = measure, ri = d$r, ni = d$n),
    "reported" = reported(d, measure)
  )
}

# Which studies take part: those with a finite effect and a variance above 0.
taking_part <- function(e) which(is.finite(e$yi) & is.finite(e$vi) & e$vi > 0)

# --- pooling -----------------------------------------------------------------------------------------------------

control_of <- function(method) if (method %in% c("REML", "ML", "EB")) SCORING else if (method == "PM") ROOT else list()

fit <- function(e, method, test = "z", level = 95, mods = NULL) {
  one <- function(control) {
    if (is.null(mods)) rma(yi = e$yi, vi = e$vi, method = method, test = test, level = level, control = control)
    else rma(yi = e$yi, vi = e$vi, mods = mods, method = method, test = test, level = level, control = control)
  }
  found <- try(one(control_of(method)), silent = TRUE)
  if (!inherits(found, "try-error")) return(found)
  try(one(c(control_of(method), stepadj = 0.5)), silent = TRUE)
}

numbers <- function(r) {
  common <- c(r$b[1], r$ci.lb[1], r$ci.ub[1], r$se[1], r$zval[1], r$pval[1])
  # Q does not depend on tau2, so it is pinned once.
  c(common, if (r$method == "FE") c(r$I2, r$H2, r$QE, r$QEp) else c(r$I2, r$H2, r$tau2))
}

pooled <- function(at, e, methods, intervals, convention, level = 95) {
  for (method in methods) for (interval in intervals) {
    r <- fit(e, method, INTERVALS[[interval]], level)
    if (inherits(r, "try-error")) { message("no fit: ", at, " ", method, " ", interval); next }
    name <- if (method == "FE") "common" else method
    emit(paste(at, "pooled", convention, name, interval, level / 100, sep = "/"), numbers(r))
  }
}

weights_of <- function(at, e) for (method in c("FE", "REML")) {
  r <- fit(e, method)
  if (!inherits(r, "try-error")) emit(paste(at, "weights", if (method == "FE") "common" else method, sep = "/"), weights(r))
}

predictions <- function(at, e) {
  if (nrow(e) < 2) return(invisible())
  for (method in c("DL", "REML")) {
    p <- function(test, type) { r <- predict(fit(e, method, test), pi.type = type); c(r$pi.lb, r$pi.ub) }
    here <- paste(at, "prediction", method, sep = "/")
    emit(paste(here, "normal", "normal", sep = "/"), p("z", "default"))
    emit(paste(here, "normal", "t-k-1", sep = "/"), p("t", "default"))
    emit(paste(here, "hartung-knapp", "t-k-1", sep = "/"), p("knha", "default"))
    if (nrow(e) > 2) {
      emit(paste(here, "normal", "t-k-2", sep = "/"), p("z", "riley"))
      emit(paste(here, "hartung-knapp", "t-k-2", sep = "/"), p("knha", "riley"))
    }
  }
}

profile <- function(at, e) {
  if (nrow(e) < 2) return(invisible())
  for (level in c(95, 90)) {
    r <- fit(e, "REML", level = level)
    if (inherits(r, "try-error")) next
    ci <- try(confint(r, control = list(tol = 1e-14, maxiter = 10000, tau2.max = 1e6)), silent = TRUE)
    if (inherits(ci, "try-error")) { message("no profile: ", at); next }
    here <- paste(at, "profile", level / 100, sep = "/")
    # metafor prints an empty set where both ends fall below 0.
    if (isTRUE(ci$ci.null)) emit(paste(here, "empty", sep = "/"), 1)
    else emit(here, c(ci$random["tau^2", c("ci.lb", "ci.ub")], ci$random["I^2(%)", c("ci.lb", "ci.ub")]))
  }
}

# --- tables ------------------------------------------------------------------------------------------------------

# The convention metafor is rma.mh and rma.peto with the defaults of their pages. Under none, ivigil leaves out the
# studies that give no effect before it pools, so these are left out here too.
table_options <- function(convention, measure) {
  if (convention == "metafor") return(list(add = 1/2, to = "only0", drop00 = TRUE))
  filled <- convention == "revman" && measure != "PETO"
  list(add = rep(if (filled) 1/2 else 0, 2), to = rep(if (filled) "only0" else "none", 2),
       drop00 = rep(measure != "RD", 2))
}

of_tables <- function(r) c(r$b, r$ci.lb, r$ci.ub, r$se, r$zval, r$pval, r$I2, r$H2, r$QE, r$QEp)

mantel_haenszel <- function(at, d, measure, convention, level = 95) {
  o <- table_options(convention, measure)
  r <- rma.mh(ai = d$events_a, n1i = d$n_a, ci = d$events_b, n2i = d$n_b, measure = measure, add = o$add, to = o$to,
              drop00 = o$drop00, correct = FALSE, level = level)
  here <- paste(at, "mantel-haenszel", convention, level / 100, sep = "/")
  # With no event in one arm of all tables together there is no ratio: metafor prints NA.
  if (!is.finite(r$b)) { emit(paste(here, "undefined", sep = "/"), 1); return(invisible()) }
  emit(here, of_tables(r))
  if (level != 95 || convention != "metafor") return(invisible())
  emit(paste(at, "mantel-haenszel-weights", sep = "/"), weights(r))
  if (nrow(d) < 2) return(invisible())
  here <- paste(at, "mantel-haenszel-leave-one-out", sep = "/")
  left <- leave1out(r)
  if (!all(is.finite(left$estimate))) { emit(paste(here, "undefined", sep = "/"), 1); return(invisible()) }
  emit(paste(here, "estimate", sep = "/"), left$estimate)
  emit(paste(here, "se", sep = "/"), left$se)
}

peto <- function(at, d, convention) {
  o <- table_options(convention, "PETO")
  r <- rma.peto(ai = d$events_a, n1i = d$n_a, ci = d$events_b, n2i = d$n_b, add = o$add, to = o$to, drop00 = o$drop00)
  emit(paste(at, "peto", convention, sep = "/"), of_tables(r))
}

# --- moderators --------------------------------------------------------------------------------------------------

fitted_line <- function(here, r) {
  emit(paste(here, "coefficients", sep = "/"), c(rbind(r$b[, 1], r$ci.lb, r$ci.ub, r$se, r$pval)))
  r2 <- if (is.null(r$R2) || r$method == "FE") NA else r$R2
  emit(paste(here, "model", sep = "/"), c(r$QM, r$QMdf[1], r$QMp, r$tau2, r$I2, r$H2, r$QE, r$QEp, r2))
}

regressions <- function(at, d, e, moderators, group) {
  designs <- list()
  for (name in moderators) designs[[name]] <- cbind(d[[name]])
  if (length(moderators) > 1) designs[[paste(moderators, collapse = "+")]] <- as.matrix(d[, moderators])
  if (group != "") {
    levels <- sort(unique(d[[group]]))
    designs[[group]] <- sapply(levels[-1], function(one) as.numeric(d[[group]] == one))
  }
  for (name in names(designs)) for (method in c("FE", TAU2)) {
    tests <- if (method == "REML") names(INTERVALS) else "normal"
    for (interval in tests) {
      x <- designs[[name]]
      if (qr(cbind(1, x))$rank < ncol(x) + 1 || nrow(x) <= ncol(x) + 1) next
      r <- fit(e, method, INTERVALS[[interval]], mods = x)
      if (inherits(r, "try-error")) { message("no regression: ", at, " ", name, " ", method); next }
      fitted_line(paste(at, "regression", name, if (method == "FE") "common" else method, interval, sep = "/"), r)
    }
  }
}

subgroups <- function(at, d, e, group) {
  names <- sort(unique(d[[group]]))
  if (length(names) < 2) return(invisible())
  for (method in c("FE", "DL", "REML")) for (interval in c("normal", "hartung-knapp")) {
    parts <- lapply(names, function(name) fit(e[d[[group]] == name, ], method, INTERVALS[[interval]]))
    if (any(sapply(parts, inherits, "try-error"))) next
    here <- paste(at, "subgroups/separate", if (method == "FE") "common" else method, interval, sep = "/")
    value <- sapply(parts, function(r) r$b[1]); se <- sapply(parts, function(r) r$se)
    between <- rma(yi = value, sei = se, method = "FE")
    emit(paste(here, "effect", sep = "/"), value); emit(paste(here, "se", sep = "/"), se)
    emit(paste(here, "tau2", sep = "/"), sapply(parts, function(r) r$tau2))
    emit(paste(here, "test", sep = "/"), c(between$QE, length(names) - 1, between$QEp))
  }
  for (method in c("DL", "REML")) for (interval in c("normal", "hartung-knapp")) {
    inside <- sapply(names, function(one) as.numeric(d[[group]] == one))
    against <- inside[, -1, drop = FALSE]
    fits <- list(
      try(rma(yi = e$yi, vi = e$vi, mods = inside, intercept = FALSE, method = method, test = INTERVALS[[interval]],
              control = control_of(method)), silent = TRUE),
      fit(e, method, INTERVALS[[interval]], mods = against))
    if (any(sapply(fits, inherits, "try-error"))) { message("no subgroups: ", at, " ", method); next }
    here <- paste(at, "subgroups/common", method, interval, sep = "/")
    emit(paste(here, "effect", sep = "/"), fits[[1]]$b); emit(paste(here, "se", sep = "/"), fits[[1]]$se)
    emit(paste(here, "tau2", sep = "/"), fits[[1]]$tau2)
    emit(paste(here, "test", sep = "/"), c(fits[[2]]$QM, fits[[2]]$QMdf[1], fits[[2]]$QMp))
  }
}

# --- one study less, one study more --------------------------------------------------------------------------------

series <- function(here, found) {
  for (name in c("estimate", "se", "Q", "tau2"))
    if (!is.null(found[[name]])) emit(paste(here, name, sep = "/"), found[[name]])
}

changing <- function(at, d, e, order) {
  for (method in c("FE", "DL", "REML")) {
    r <- fit(e, method)
    if (inherits(r, "try-error") || r$k < 2) next
    name <- if (method == "FE") "common" else method
    series(paste(at, "leave-one-out", name, sep = "/"), leave1out(r))
    if (order == "") next
    # By value: cumul looks the name of an order up where it would not find it.
    series(paste(at, "cumulative", name, sep = "/"), do.call(cumul, list(r, order = d[[order]])))
  }
}

# --- small studies ---------------------------------------------------------------------------------------------------

small_studies <- function(at, d, e, kind, measure) {
  if (nrow(e) < 3) return(invisible())
  egger <- regtest(e$yi, e$vi, model = "lm")
  emit(paste(at, "egger", sep = "/"), c(egger$zval, egger$pval, egger$est, egger$ci.lb, egger$ci.ub))
  for (method in c("FE", "DL", "REML")) {
    mixed <- regtest(fit(e, method))
    emit(paste(at, "egger-mixed", if (method == "FE") "common" else method, sep = "/"),
         c(mixed$zval, mixed$pval, mixed$est, mixed$ci.lb, mixed$ci.ub))
  }
  begg <- ranktest(e$yi, e$vi)
  emit(paste(at, "begg", sep = "/"), c(begg$tau, begg$pval))
  if (kind == "two-by-two") tables(at, d, e, measure)
}

# metafor has neither Harbord's test nor Peters' weights, so both are worked out with R's lm from the papers: Harbord,
# Egger and Sterne 2006 (Z/sqrt(V) on sqrt(V), the intercept tested); Peters and others 2006 (the log odds ratio on
# 1/N, weighed by events times non-events over N).
tables <- function(at, d, e, measure) {
  # Counts are read as integers, whose products overflow.
  d[c("events_a", "n_a", "events_b", "n_b")] <- lapply(d[c("events_a", "n_a", "events_b", "n_b")], as.numeric)
  events <- d$events_a + d$events_b; total <- d$n_a + d$n_b
  told <- events > 0 & events < total
  if (sum(told) < 3) return(invisible())
  z <- (d$events_a - d$n_a * events / total)[told]
  v <- (d$n_a * d$n_b * events * (total - events) / (total^2 * (total - 1)))[told]
  root <- sqrt(v)
  harbord <- summary(lm(I(z / root) ~ root))$coefficients["(Intercept)", ]
  emit(paste(at, "harbord", sep = "/"), harbord[c("t value", "Pr(>|t|)", "Estimate")])
  if (measure != "OR") return(invisible())
  inverse <- (1 / total)[told]; weight <- (events * (total - events) / total)[told]; y <- as.numeric(e$yi)[told]
  peters <- summary(lm(y ~ inverse, weights = weight))$coefficients["inverse", ]
  emit(paste(at, "peters", sep = "/"), peters[c("t value", "Pr(>|t|)", "Estimate")])
}

# trimfill counts and chooses the side; it fits again with looser settings than ours, so the pooled effect with the
# mirror images put in is fitted here from its count: trim, fit, mirror, fit.
filled <- function(at, e) {
  if (nrow(e) < 3) return(invisible())
  for (method in c("FE", "DL", "REML")) for (estimator in c("L0", "R0")) {
    found <- trimfill(fit(e, method), estimator = estimator, maxiter = 1000)
    r <- fit(with_mirrored(e, method, found$k0, found$side), method)
    stopifnot(abs(r$b[1] - found$b[1]) < 1e-3 * (1 + abs(found$b[1])))
    emit(paste(at, "trim-and-fill", if (method == "FE") "common" else method, estimator, sep = "/"),
         c(found$k0, found$se.k0, as.numeric(found$side == "right"), r$b[1], r$se, r$ci.lb, r$ci.ub, r$tau2))
  }
}

with_mirrored <- function(e, method, missing, side) {
  if (missing == 0) return(e)
  outermost <- order(e$yi, decreasing = side == "left")[seq_len(missing)]
  centre <- fit(e[-outermost, ], method)$b[1]
  rbind(e, data.frame(yi = 2 * centre - e$yi[outermost], vi = e$vi[outermost]))
}

# --- all of one data set -----------------------------------------------------------------------------------------------

conventions_of <- function(kind) switch(kind,
  "two-by-two" = c("metafor", "revman", "none"), "proportion" = c("metafor", "none"), "metafor")

one_measure <- function(at, set, d, measure, main) {
  conventions <- conventions_of(set$kind)
  for (convention in conventions) {
    e <- effects_of(d, set$kind, measure, convention)
    kept <- taking_part(e)
    here <- paste(at, "effects", convention, sep = "/")
    emit(paste(here, "kept", sep = "/"), kept)
    if (length(kept) == 0) next
    emit(paste(here, "estimates", sep = "/"), e$yi[kept])
    emit(paste(here, "variances", sep = "/"), e$vi[kept])
    e <- data.frame(yi = as.numeric(e$yi[kept]), vi = as.numeric(e$vi[kept]))
    if (convention == "metafor") {
      pooled(at, e, c("FE", TAU2), if (main) names(INTERVALS) else "normal", convention)
      pooled(at, e, c("FE", "REML"), c("normal", "hartung-knapp"), convention, level = 90)
      weights_of(at, e); predictions(at, e); profile(at, e)
      if (main) full(at, set, d[kept, ], e, measure)
    } else pooled(at, e, c("FE", "DL", "REML"), "normal", convention)
  }
  if (set$kind == "two-by-two") {
    for (convention in conventions) {
      kept <- if (convention == "none") taking_part(effects_of(d, set$kind, measure, convention)) else seq_len(nrow(d))
      if (length(kept) == 0) next
      if (measure == "PETO") peto(at, d[kept, ], convention) else mantel_haenszel(at, d[kept, ], measure, convention)
    }
    if (measure != "PETO") mantel_haenszel(at, d, measure, "metafor", level = 90)
  }
}

full <- function(at, set, d, e, measure) {
  moderators <- if (set$moderators == "") character() else strsplit(set$moderators, " ")[[1]]
  if (length(moderators) > 0 || set$group != "") regressions(at, d, e, moderators, set$group)
  if (set$group != "") subgroups(at, d, e, set$group)
  changing(at, d, e, set$order)
  small_studies(at, d, e, set$kind, measure)
  filled(at, e)
}

for (number in seq_len(nrow(manifest))) {
  set <- manifest[number, ]
  d <- read.csv(file.path(folder, paste0(set$id, ".csv")), stringsAsFactors = FALSE, colClasses = c(label = "character"))
  measures <- strsplit(set$measures, " ")[[1]]
  for (measure in measures) one_measure(paste(set$id, measure, sep = "/"), set, d, measure, measure == measures[1])
}
message("R ", getRversion())
message("metafor ", packageVersion("metafor"))
