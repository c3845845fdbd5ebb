import { afterAll, afterEach, beforeAll } from 'vitest';
import { startAuditedControlPlane, type AuditedCluster } from '../install/audit.js';
import { clearReleases } from '../install/cluster-state.js';
import { changesByHand } from './by-hand.js';
import { keptObjects } from './kept-objects.js';
import { releasesOfKilledHelm } from './killed-helm.js';
import { valuesOfEarlierReleases } from './old-values.js';
import { scaledReplicas } from './scaling.js';
import { secondReleases } from './second-release.js';

let cluster: AuditedCluster;

beforeAll(async () => {
  cluster = await startAuditedControlPlane();
});
afterAll(() => cluster?.stop());
// Every test has a namespace of its own, and what is outside of namespaces to itself.
afterEach(() => clearReleases(cluster));

scaledReplicas(() => cluster);
changesByHand(() => cluster);
releasesOfKilledHelm(() => cluster);
keptObjects(() => cluster);
secondReleases(() => cluster);
valuesOfEarlierReleases(() => cluster);
