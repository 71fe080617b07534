// For HEALTHCHECK: whether the app of this container is alive, by its status port. Readiness is /readyz: an unavailable
// engine is no reason to restart an app (C11).
const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/healthz`).catch(() => null);
process.exitCode = answer?.ok === true ? 0 : 1;
