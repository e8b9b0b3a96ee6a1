import assert from 'node:assert/strict';
import { contentSecurityPolicy, pageHtml } from '../../../client/panels/page-html.ts';

const parts = {
  page: 'scan',
  title: '<img src=x onerror=alert(1)>',
  cspSource: 'https://source.example',
  nonce: 'abc',
  script: 'https://source.example/scan.js',
  styles: ['https://source.example/scan.css?a="b"'],
} as const;

describe('the document of a page', () => {
  it('allows nothing but its own files', () => {
    const policy = contentSecurityPolicy(parts.cspSource, parts.nonce);
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /unsafe|\*|data:|https:(?!\/\/source)/);
    assert.ok(policy.includes("script-src 'nonce-abc'"));
    assert.doesNotMatch(policy, /script-src[^;]*https/);
  });

  it('has no inline code and no inline style', () => {
    const html = pageHtml(parts);
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.match(html, /<script nonce="abc" src="[^"]+"><\/script>/);
    assert.doesNotMatch(html, /<style|style=| on\w+=(?!alert)/);
  });

  it('escapes what it is given', () => {
    const html = pageHtml(parts);
    assert.doesNotMatch(html, /<img/);
    assert.ok(html.includes('?a=&#34;b&#34;'));
  });
});
