/** What `npm audit --json` prints: a report, or why there is none. */
interface AuditReport {
  message?: string;
  /** `via` names the advisory of the package itself, or only the packages that it has its flaw from. */
  vulnerabilities?: { [name: string]: { range: string; via: (string | { severity: string; title: string })[] } };
}

export type Advisories = { faults: string[] } | { unanswered: string };

const SERIOUS = new Set(['high', 'critical']);

/**
 * What the registry knows of the packages, but for flaws that were looked at and `accepted`. Where it answers no such question, nothing is known, which is not "nothing bad".
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
