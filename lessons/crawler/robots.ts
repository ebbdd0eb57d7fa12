// robots.txt, where a site says what crawlers may visit, read as RFC 9309 demands. Two groups of rules concern us: the
// one for our name, and the one for everyone, which counts only if there is none for us. Of the rules that match an
// address, the longest decides.
//
// The file comes from strangers, so it may be meant to harm. With a rule like `/*a*a*a*a*b` a regular expression would take
// years. `matches` below looks for one piece after the other and never goes back.
//
// Why not the package robots-parser: it decided no case better than this file does, and on a hostile file it took a
// hundred times as long.

/** Whether we may visit an address of the site: its path with its query, as in `/menu?day=friday`. */
export type MayVisit = (pathAndQuery: string) => boolean;

interface Rule {
  readonly allow: boolean;
  /** What stands between the `*` of the rule. They must occur in this order; the first one starts the path. */
  readonly pieces: readonly string[];
  /** The rule ends with `$`: its last piece ends the path. */
  readonly isAnchored: boolean;
  /** How specific the rule is: its length, once it is written in the one spelling that `normalized` gives. */
  readonly length: number;
}

/**
 * The rules of a robots.txt for the crawler `name`. `name` is a product token (letters, `-`, `_`), without a version.
 * A file that makes no sense allows everything, as an empty one does.
 */
export function parseRobots(text: string, name: string): MayVisit {
  const forUs: Rule[] = [];
  const forEveryone: Rule[] = [];
  /** A group for us may have no rules: then everything is allowed, whatever the group for everyone says. */
  let hasGroupForUs = false;
  /** Where the rules of the current group belong. One group may be for us and for everyone. */
  let groupRules = new Set<Rule[]>();
  /** User agents in a row share one group; a user agent after a rule opens the next. */
  let groupHasRules = false;

  for (const { field, value } of fieldsOf(text)) {
    if (field === 'user-agent') {
      if (groupHasRules) groupRules = new Set();
      groupHasRules = false;
      if (/^\*(\s|$)/.test(value)) groupRules.add(forEveryone);
      if (isSameToken(value, name)) {
        groupRules.add(forUs);
        hasGroupForUs = true;
      }
    } else if (field === 'allow' || field === 'disallow') {
      groupHasRules = true;
      if (value === '') continue; // an empty Disallow forbids nothing
      const rule = ruleOf(value, field === 'allow');
      for (const rules of groupRules) rules.push(rule);
    }
  }

  // The strongest rule first: the longest, and Allow before a Disallow of the same length.
  const rules = (hasGroupForUs ? forUs : forEveryone).toSorted(
    (one, other) => other.length - one.length || Number(other.allow) - Number(one.allow),
  );
  return (pathAndQuery) => {
    if (pathAndQuery === '/robots.txt') return true; // allowed by the RFC, whatever the rules say
    const address = normalized(pathAndQuery).replaceAll('*', '%2A').replaceAll('$', '%24');
    return rules.find((rule) => matches(address, rule))?.allow ?? true;
  };
}

/** The lines `field: value`. A missing colon is forgiven, as Google's parser does: whoever wrote it meant a rule. */
function* fieldsOf(text: string): Generator<{ readonly field: string; readonly value: string }> {
  const withoutMark = text.replace(/^[^\p{ASCII}]+/u, ''); // a byte order mark, or what is left of a broken one
  for (const line of withoutMark.split(/\r\n?|\n/)) {
    const [content = ''] = line.split('#', 1);
    const [, field = '', value = ''] =
      /^([^:]*):(.*)$/s.exec(content) ?? /^\s*(\S+)\s+(\S+)\s*$/.exec(content) ?? [];
    yield { field: field.trim().toLowerCase(), value: value.trim() };
  }
}

/** `our-name/1.0` and `our-name bot` mean our-name: a product token ends at the first other character. */
function isSameToken(userAgent: string, name: string): boolean {
  const [token = ''] = /^[a-z_-]*/i.exec(userAgent) ?? [];
  return token.toLowerCase() === name.toLowerCase();
}

function ruleOf(value: string, allow: boolean): Rule {
  const isAnchored = value.endsWith('$');
  const pattern = isAnchored ? value.slice(0, -1) : value;
  // Any other `$` means itself.
  const pieces = pattern.split('*').map((piece) => normalized(piece).replaceAll('$', '%24'));
  return { allow, pieces, isAnchored, length: pieces.join('*').length + Number(isAnchored) };
}

/**
 * One spelling for all spellings of an address (RFC 9309 §2.2.2, RFC 3986 §6.2.2): `/ü`, `/%c3%bc` and `/%C3%BC` are the
 * same, and so are `/~ada` and `/%7Eada`, `/my files` and `/my%20files`. A `%2F` is not a `/`, and stays as it is.
 */
function normalized(text: string): string {
  return text
    .toWellFormed() // half of a surrogate pair has no UTF-8
    .replaceAll(/%[\da-fA-F]{2}|[^\w\-.~!*$&()+,;=:@/?%[\]]/gu, (part) => {
      if (part === "'") return '%27'; // browsers encode it in a query, encodeURIComponent does not
      if (part.length !== 3 || !part.startsWith('%')) return encodeURIComponent(part);
      const character = String.fromCharCode(Number.parseInt(part.slice(1), 16));
      return /[\w\-.~]/.test(character) ? character : part.toUpperCase();
    });
}

/** Each piece is looked for once, from left to right, so this takes no longer than reading path and rule. */
function matches(address: string, { pieces, isAnchored }: Rule): boolean {
  const [first = '', ...others] = pieces;
  if (!address.startsWith(first)) return false;
  const last = isAnchored ? others.pop() : undefined;
  let at = first.length;
  for (const piece of others) {
    const found = address.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  if (!isAnchored) return true;
  if (last === undefined) return at === address.length;
  return address.length - last.length >= at && address.endsWith(last);
}
