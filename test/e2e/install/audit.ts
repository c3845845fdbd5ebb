import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';

const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: None
    verbs: [get, list, watch]
  # Questions about rights are put as creations, of which nothing is stored.
  - level: None
    resources: [{ group: authorization.k8s.io }, { group: authentication.k8s.io }]
  - level: Request
    verbs: [delete]
  - level: Metadata
`;

interface AuditEvent {
  verb: string;
  requestURI: string;
  userAgent?: string;
  /** Of a deletion, its options. */
  requestObject?: { dryRun?: string[] };
  requestReceivedTimestamp: string;
}

export interface AuditedCluster extends ControlPlane {
  /**
   * What the program asked the server to write since the last call, in the order of the requests: `delete /api/v1/namespaces/x`.
   * A dry run is not among them, nor is a question about rights.
   */
  writes(): Promise<string[]>;
}

/** A control plane whose API server keeps a log of all requests: what it says about the program needs no trust in the program. */
export async function startAuditedControlPlane(): Promise<AuditedCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'kthena-audit-'));
  const [policy, log] = [join(folder, 'policy.yaml'), join(folder, 'audit.log')];
  await writeFile(policy, POLICY);
  const cluster = await startControlPlane({
    apiServerArgs: [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`],
  });
  let seen = 0;
  return {
    ...cluster,
    writes: async () => {
      await sleep(100); // an event may be logged shortly after its answer was sent
      const lines = (await readFile(log, 'utf8')).split('\n');
      const events = lines.slice(seen, -1).map((line) => JSON.parse(line) as AuditEvent);
      seen = lines.length - 1;
      return events
        .filter((event) => event.userAgent?.startsWith('kthena/') && !isDryRun(event) && !isQuestion(event))
        .sort((a, b) => (a.requestReceivedTimestamp < b.requestReceivedTimestamp ? -1 : 1))
        .map(({ verb, requestURI }) => `${verb} ${requestURI.replace(/\?.*/, '')}`);
    },
    stop: async () => {
      await cluster.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function isDryRun({ requestURI, requestObject }: AuditEvent): boolean {
  return requestURI.includes('dryRun=All') || (requestObject?.dryRun ?? []).includes('All');
}

/** A review, of rights or of who one is, is created to be answered; nothing is stored. */
function isQuestion({ requestURI }: AuditEvent): boolean {
  return /^\/apis\/(authentication|authorization)\.k8s\.io\//.test(requestURI);
}
