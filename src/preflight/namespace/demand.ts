import { groupOf, type KubeObject } from '../../kube/object.js';
import { parseQuantity } from '../../lint/quantity.js';

/** How much more of each name of a quota there is going to be, in billionths. */
export type Demand = Map<string, bigint>;

/** More of a name than a quota leaves. */
export interface Excess {
  quota: string;
  name: string;
  needed: bigint;
  used: string;
  hard: string;
}

const ONE = 1_000_000_000n;

type Amounts = Record<string, string>;

interface Container {
  restartPolicy?: string;
  resources?: { requests?: Amounts; limits?: Amounts };
}

/** What pods take of a quota. */
export function podDemand(pods: readonly { pod: KubeObject; count: number }[]): Demand {
  const demand: Demand = new Map();
  for (const { pod, count } of pods) {
    for (const name of ['pods', 'count/pods']) add(demand, name, BigInt(count) * ONE);
    for (const [name, amount] of resourcesOf(pod)) add(demand, name, BigInt(count) * amount);
  }
  return demand;
}

/** What objects take of a quota by their number. */
export function countDemand(objects: readonly { object: KubeObject; plural: string }[]): Demand {
  const demand: Demand = new Map();
  for (const { object, plural } of objects) {
    const group = groupOf(object.apiVersion);
    add(demand, `count/${plural}${group === '' ? '' : `.${group}`}`, ONE);
    if (group === '') add(demand, plural, ONE);
    if (object.kind === 'Service') addService(demand, object);
  }
  return demand;
}

function addService(demand: Demand, service: KubeObject): void {
  const {
    type,
    ports = [],
    allocateLoadBalancerNodePorts = true,
  } = service['spec'] as {
    type?: string;
    ports?: unknown[];
    allocateLoadBalancerNodePorts?: boolean;
  };
  const isBalanced = type === 'LoadBalancer';
  if (isBalanced) add(demand, 'services.loadbalancers', ONE);
  if (type === 'NodePort' || (isBalanced && allocateLoadBalancerNodePorts))
    add(demand, 'services.nodeports', BigInt(ports.length) * ONE);
}

/** Requests and limits of a pod by the names of quotas: init containers run before the others, and take no more than these leave. */
function resourcesOf(pod: KubeObject): Demand {
  const { containers = [], initContainers = [] } = pod['spec'] as {
    containers?: Container[];
    initContainers?: Container[];
  };
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const total = sumOf([...containers, ...sidecars]);
  for (const container of initContainers) {
    for (const [name, amount] of sumOf([container])) if (amount > (total.get(name) ?? 0n)) total.set(name, amount);
  }
  for (const resource of ['cpu', 'memory', 'ephemeral-storage']) {
    const requested = total.get(`requests.${resource}`);
    if (requested !== undefined) total.set(resource, requested);
  }
  return total;
}

function sumOf(containers: readonly Container[]): Demand {
  const sum: Demand = new Map();
  for (const { resources } of containers) {
    for (const part of ['requests', 'limits'] as const) {
      for (const [name, text] of Object.entries(resources?.[part] ?? {})) {
        add(sum, `${part}.${name}`, parseQuantity(String(text)) ?? 0n);
      }
    }
  }
  return sum;
}

function add(demand: Demand, name: string, amount: bigint): void {
  demand.set(name, (demand.get(name) ?? 0n) + amount);
}

/** Where a demand exceeds quotas. Those for some pods only, with scopes, are left to the trial of single pods. */
export function excesses(demand: Demand, quotas: readonly KubeObject[]): Excess[] {
  return quotas.flatMap((quota) => {
    const spec = quota['spec'] as { hard?: Amounts; scopes?: unknown[]; scopeSelector?: unknown };
    if ((spec.scopes ?? []).length > 0 || spec.scopeSelector !== undefined) return [];
    const used = (quota['status'] as { used?: Amounts } | undefined)?.used ?? {};
    return Object.entries(spec.hard ?? {}).flatMap(([name, hard]) => {
      const needed = demand.get(name) ?? 0n;
      const taken = used[name] ?? '0';
      const left = (parseQuantity(hard) ?? 0n) - (parseQuantity(taken) ?? 0n);
      return needed > 0n && needed > left ? [{ quota: quota.metadata.name, name, needed, used: taken, hard }] : [];
    });
  });
}

/** `services.loadbalancers: 1 more needed, 2 of 2 used` */
export function describeExcess({ name, needed, used, hard }: Excess): string {
  return `${name}: ${formatAmount(name, needed)} more needed, ${used} of ${hard} used`;
}

function formatAmount(name: string, amount: bigint): string {
  if (/memory|storage/.test(name) && amount % (1024n * 1024n * ONE) === 0n)
    return `${amount / (1024n * 1024n * ONE)}Mi`;
  return amount % ONE === 0n ? String(amount / ONE) : `${amount / 1_000_000n}m`;
}
