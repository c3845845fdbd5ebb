import { isIPv6 as isIPv6WithZone } from 'node:net';

/** Four decimal numbers, leading zeros tolerated; or an IPv6 address that ends in one. */
export function isIPv4(text: string): boolean {
  const plain = text.replace(/(?<=^|[:.])0+(?=\d+(?:\.|$))/g, '');
  return isDottedQuad(plain) || (text.includes('.') && isIPv6(plain));
}

export function isIPv6(text: string): boolean {
  return isIPv6WithZone(text) && !text.includes('%');
}

/** `10.0.0.0/8` or `2001:db8::/32`. */
export function isCidr(text: string): boolean {
  const [, address, length] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  if (address === undefined) return false;
  if (isIPv4(address) && !address.includes(':')) return Number(length) <= 32;
  return isIPv6(address) && Number(length) <= 128;
}

/** 6, 8 or 20 octets, as 01:23:45:67:89:ab, 01-23-… or 0123.4567.89ab. */
export function isMac(text: string): boolean {
  const separator = /[:.-]/.exec(text)?.[0];
  if (separator === undefined) return false;
  const size = separator === '.' ? 4 : 2;
  const groups = text.split(separator);
  const octets = (groups.length * size) / 2;
  return [6, 8, 20].includes(octets) && groups.every((group) => group.length === size && /^[0-9a-f]+$/i.test(group));
}

function isDottedQuad(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}
