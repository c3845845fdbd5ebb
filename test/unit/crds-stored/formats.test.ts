import { describe, expect, it } from 'vitest';
import { formatCheck } from '../../../src/crds/stored/format/formats.js';

/** As the API server's own validators answer. */
describe('formatCheck', () => {
  it.each<[format: string, valid: string[], invalid: string[]]>([
    ['date', ['2024-02-29', '0001-01-01'], ['2023-02-29', '2024-13-01', '2024-1-1', '', '2024-00-10']],
    [
      'date-time',
      ['2024-02-29T10:00:00Z', '2024-02-29t10:00:00.123456789z', '2024-01-01T23:59:59+02:00'],
      ['2024-02-29', '2024-02-29T10:00:00', '2024-02-30T10:00:00Z', '2024-01-01T24:00:00Z', '2024-01-01T00:00:60Z'],
    ],
    ['duration', ['5s', '1h30m', '-1.5h', '0', '3 days', '10µs'], ['', '5', 'soon', 'h']],
    [
      'uri',
      [
        'http://a:80/b?c d',
        'mailto:x',
        '/metrics',
        '*',
        'http://[::1]:80/',
        'unix:///run/x',
        'http://u:p@a/',
        '/a b',
        'http:///a',
      ],
      ['', 'metrics', 'a b', 'http://a b/', 'http://a:port/', '/%zz', 'http://a/%g1', '/a\n', '#x'],
    ],
    ['ipv4', ['10.0.0.1', '010.0.0.1', '::ffff:1.2.3.4'], ['10.0.0', '256.0.0.1', '::1', '1.2.3.4.5']],
    ['ipv6', ['::1', '2001:db8::1', '::ffff:1.2.3.4'], ['1.2.3.4', 'fe80::1%eth0', ':::']],
    ['cidr', ['10.0.0.0/8', '2001:db8::/128'], ['10.0.0.0', '10.0.0.0/33', '::/129', 'x/8', '10.0.0.0/']],
    [
      'mac',
      ['01:23:45:67:89:ab', '01-23-45-67-89-AB', '0123.4567.89ab', '01:23:45:67:89:ab:cd:ef'],
      ['', '01:23:45', '01:23-45:67:89:ab', '0g:23:45:67:89:ab'],
    ],
    ['byte', ['YWJj', 'YQ=='], ['', 'a', 'YQ=', 'YWJj\n', '-_-_']],
    ['uuid', ['123e4567-e89b-12d3-a456-426614174000', '123E4567E89B12D3A456426614174000'], ['123e4567', '']],
    ['uuid4', ['123e4567-e89b-42d3-a456-426614174000'], ['123e4567-e89b-12d3-a456-426614174000']],
    ['hexcolor', ['#fff', '00ff00'], ['#ffff', 'red']],
    ['bsonobjectid', ['507f1f77bcf86cd799439011'], ['507f1f77']],
    ['k8s-short-name', ['a-b'], ['A', 'a.b', '-a', 'a'.repeat(64)]],
    ['k8s-long-name', ['a-b.c'], ['A', 'a..b', 'a.-b']],
    ['password', ['', 'anything'], []],
    ['int32', ['whatever'], []],
    ['something', ['whatever'], []],
  ])('%s', (format, valid, invalid) => {
    const check = formatCheck(format)!;
    expect(valid.filter((text) => !check(text))).toEqual([]);
    expect(invalid.filter((text) => check(text))).toEqual([]);
  });

  it('is undefined for what the server checks and this program cannot', () => {
    const formats = ['email', 'hostname', 'isbn', 'isbn10', 'isbn13', 'creditcard', 'ssn', 'rgbcolor'];
    expect(formats.filter((format) => formatCheck(format) !== undefined)).toEqual([]);
  });
});
