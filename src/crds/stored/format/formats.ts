import { isCheckedFormat, withoutHyphens } from '../../compare/schema/checked-formats.js';
import { isCidr, isIPv4, isIPv6, isMac } from './network.js';
import { isDate, isDateTime, isDuration } from './time.js';
import { isRequestUri } from './uri.js';

type FormatCheck = (text: string) => boolean;

const anyText: FormatCheck = () => true;
const K8S_NAME = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';

const CHECKS: Readonly<Record<string, FormatCheck>> = {
  bsonobjectid: matching(/^[0-9a-f]{24}$/i),
  byte: (text) => text.length >= 4 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text),
  cidr: isCidr,
  date: isDate,
  datetime: isDateTime,
  duration: isDuration,
  hexcolor: matching(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i),
  ipv4: isIPv4,
  ipv6: isIPv6,
  k8slongname: (text) => text.length <= 253 && text.split('.').every(matching(new RegExp(`^${K8S_NAME}$`))),
  k8sshortname: (text) => text.length <= 63 && new RegExp(`^${K8S_NAME}$`).test(text),
  mac: isMac,
  password: anyText,
  uri: isRequestUri,
  uuid: uuid('[0-9a-f]', '[0-9a-f]'),
  uuid3: uuid('3', '[0-9a-f]'),
  uuid4: uuid('4', '[89ab]'),
  uuid5: uuid('5', '[89ab]'),
};

/**
 * How the API server checks a format: a function that says what it would say, `anyText` for a format it does not check.
 * Undefined for the few it does check and this program cannot: email, hostname, ISBN, credit card, SSN and RGB colour.
 */
export function formatCheck(format: string): FormatCheck | undefined {
  return isCheckedFormat(format) ? CHECKS[withoutHyphens(format)] : anyText;
}

function matching(pattern: RegExp): FormatCheck {
  return (text) => pattern.test(text);
}

/** With or without hyphens, upper or lower case. */
function uuid(version: string, variant: string): FormatCheck {
  const hex = '[0-9a-f]';
  return matching(new RegExp(`^${hex}{8}-?${hex}{4}-?${version}${hex}{3}-?${variant}${hex}{3}-?${hex}{12}$`, 'i'));
}
