import { goDurationSeconds } from './duration.js';

/** A `format` of the values schema. The empty text passes each of them: whether a value may be empty is `minLength`'s affair. */
export interface ValueFormat {
  validate(text: string): boolean;
  /** Completes "must be …". */
  readonly expected: string;
}

const DNS_LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const DNS_SUBDOMAIN = `${DNS_LABEL}(?:\\.${DNS_LABEL})*`;
const LABEL_NAME = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';

const SUBDOMAIN = new RegExp(`^${DNS_SUBDOMAIN}$`);
const WILDCARD_SUBDOMAIN = new RegExp(`^(?:\\*\\.)?${DNS_SUBDOMAIN}$`);
const SERVICE_NAME = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const QUALIFIED_NAME = new RegExp(`^(?:${DNS_SUBDOMAIN}/)?${LABEL_NAME}$`);
const LABEL_VALUE = new RegExp(`^${LABEL_NAME}$`);
const QUANTITY = /^\+?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]+)?$/;
// Kubernetes, like all of Go, skips line breaks inside base64.
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
// The grammar of image references, without the tag: an optional registry with a dot, port or `localhost`, then lower-case parts.
const HOST =
  '(?:[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?)*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?';
const IMAGE_PART = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*';
const IMAGE_REPOSITORY = new RegExp(`^(?:${HOST}/)?${IMAGE_PART}(?:/${IMAGE_PART})*$`);
const IMAGE_REGISTRY = new RegExp(`^${HOST}(?:/${IMAGE_PART})*$`);
const IMAGE_TAG = /^[A-Za-z0-9_][-A-Za-z0-9_.]{0,127}(?:@sha256:[0-9a-f]{64})?$/;
const HTTP_TOKEN = /^[-!#$%&'*+.^_`|~A-Za-z0-9]+$/;
const ENV_NAME = /^[-._A-Za-z][-._A-Za-z0-9]*$/;
const CONTROLLERS = /^(?:modelserving|modelbooster|autoscaler)(?:,(?:modelserving|modelbooster|autoscaler))*$/;

/** Labels that tie pods to the selectors of an install: another value would leave the pods without their Deployment. */
const OWN_LABELS = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
  'helm.sh/chart',
];

/** The formats by their name in the schema. */
export const FORMATS: Readonly<Record<string, ValueFormat>> = {
  'absolute-path': format(/^\/[^\0]*$/, 'an absolute path such as /etc/tls/tls.crt'),
  base64: format((text) => BASE64.test(text.replace(/[\r\n]+/g, '')), 'base64 text'),
  'controller-list': format(
    CONTROLLERS,
    'modelserving, modelbooster, autoscaler or several of them with commas between',
  ),
  'dns-name': format(lengthUpTo(253, WILDCARD_SUBDOMAIN), 'a DNS name such as models.example.com'),
  'dns-subdomain': format(lengthUpTo(253, SUBDOMAIN), 'a Kubernetes name (lower-case letters, digits, - and .)'),
  'env-name': format(ENV_NAME, 'the name of an environment variable'),
  'fairness-window': format((text) => inSeconds(text, 60, 3600), 'a duration from 1m to 1h such as 30m'),
  'go-duration': format((text) => inSeconds(text, 0, Infinity), 'a duration such as 30s, 5m or 1h30m'),
  'http-header-name': format(HTTP_TOKEN, 'the name of an HTTP header'),
  'image-registry': format(
    lengthUpTo(255, IMAGE_REGISTRY),
    'a registry without a scheme, such as registry.example.com:5000/mirror',
  ),
  'image-repository': format(
    lengthUpTo(255, IMAGE_REPOSITORY),
    'an image without its tag, such as ghcr.io/volcano-sh/kthena-router',
  ),
  'image-tag': format(IMAGE_TAG, 'an image tag such as v1.0.0'),
  'label-key': format(isQualifiedName, 'a label name such as example.com/team'),
  'label-value': format(LABEL_VALUE, 'a label value (letters, digits, -, _ and ., 63 at most)'),
  'log-output': format(/^(?:stdout|stderr|\/[^\0]*)$/, 'stdout, stderr or an absolute path'),
  percentage: format(/^(?:100|[1-9]?[0-9])%$/, 'a percentage such as 50%'),
  'pod-label-key': format(
    (text) => isQualifiedName(text) && !OWN_LABELS.includes(text),
    'a label name such as example.com/team, other than those that Kthena sets itself',
  ),
  'kubernetes-quantity': format(QUANTITY, 'a quantity such as 500m or 1Gi'),
  'service-name': format(SERVICE_NAME, 'a Service name (lower-case letters, digits and -, a letter first, 63 at most)'),
};

function format(test: RegExp | ((text: string) => boolean), expected: string): ValueFormat {
  const matches = typeof test === 'function' ? test : (text: string) => test.test(text);
  return { validate: (text) => text === '' || matches(text), expected };
}

function lengthUpTo(length: number, pattern: RegExp): (text: string) => boolean {
  return (text) => text.length <= length && pattern.test(text);
}

function isQualifiedName(text: string): boolean {
  const slash = text.indexOf('/');
  return slash <= 253 && text.length - slash <= 64 && QUALIFIED_NAME.test(text);
}

function inSeconds(text: string, least: number, most: number): boolean {
  const seconds = goDurationSeconds(text);
  return seconds !== undefined && seconds >= least && seconds <= most;
}
