/** The output of `npm audit --json`: a report, or an error that says why there is none. */
interface AuditReport {
  message?: string;
  /** `via` names the package's own advisory, or only the dependencies that the flaw comes from. */
  vulnerabilities?: { [name: string]: { range: string; via: (string | { severity: string; title: string })[] } };
}

export type Advisories = { faults: string[] } | { unanswered: string };

const SERIOUS = new Set(['high', 'critical']);

/**
 * The advisories that the registry lists for the packages, without the reviewed ones in `accepted`. If the registry
 * does not support the query, the result is "unknown", never "no advisories".
 */
export function advisoriesIn(output: string, accepted: { readonly [name: string]: string } = {}): Advisories {
  let report: AuditReport;
  try {
    report = JSON.parse(output) as AuditReport;
  } catch {
    return { unanswered: 'npm audit printed no report' };
  }
  const { vulnerabilities, message = 'no reason given' } = report;
  if (vulnerabilities === undefined) return { unanswered: message.replaceAll(/\s*-? ?[A-Z]* ?https?:\S+/g, '').trim() };
  return {
    faults: Object.entries(vulnerabilities).flatMap(([name, { range, via }]) => {
      const own = via.find((one) => typeof one !== 'string' && SERIOUS.has(one.severity));
      if (typeof own !== 'object' || Object.hasOwn(accepted, name)) return [];
      return [`${name} ${range} has a known flaw (${own.severity}): ${own.title}`];
    }),
  };
}
