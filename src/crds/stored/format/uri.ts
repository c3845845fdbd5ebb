import { isIPv6 } from './network.js';

const BAD_ESCAPE = /%(?![0-9a-f]{2})/i;

/** Whether any character is one that Go refuses anywhere in a URL. */
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Characters a host may not have, besides those that end it; of escapes only those of bytes beyond ASCII are fine. */
const BAD_IN_HOST = /[\s#[\\^`{|}]|%(?!25|[89a-f][0-9a-f])/i;

/**
 * What Go's `url.ParseRequestURI` takes: an absolute URI of any scheme, or an absolute path. It is looser than RFC 3986, and
 * looser than `new URL`: a space in the path is fine.
 */
export function isRequestUri(text: string): boolean {
  if (text === '' || CONTROL.test(text)) return false;
  if (text === '*') return true;
  const [, scheme, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):)?(.*)$/is.exec(text) ?? [];
  if (!rest.startsWith('/')) return scheme !== undefined;
  const path = rest.split('?')[0]!;
  if (scheme === undefined || !path.startsWith('//') || path.startsWith('///')) return !BAD_ESCAPE.test(path);
  const [, authority, remainder] = /^\/\/([^/]*)(.*)$/s.exec(path)!;
  return isAuthority(authority!) && !BAD_ESCAPE.test(remainder!);
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@');
  const [user, host] = [authority.slice(0, Math.max(0, at)), authority.slice(at + 1)];
  return /^[\w\-.:~!$&'()*+,;=%@]*$/.test(user) && !BAD_ESCAPE.test(user) && isHost(host);
}

function isHost(text: string): boolean {
  const bracketed = /^\[(.*)\](.*)$/.exec(text);
  if (bracketed !== null) return isIPv6(bracketed[1]!.replace(/%25.+$/, '')) && isPort(bracketed[2]!);
  return !text.startsWith('[') && !BAD_IN_HOST.test(text) && isPort(/:[^:]*$/.exec(text)?.[0] ?? '');
}

function isPort(text: string): boolean {
  return /^(?::\d*)?$/.test(text);
}
