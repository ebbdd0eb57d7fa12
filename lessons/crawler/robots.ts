// robots.txt, as RFC 9309 has it: the group for us or for everyone, and of the rules that match the longest one.
// The file is a stranger's: its patterns are matched in linear time, for as regular expressions they could take years.

/** Whether we may visit a path with its query. */
export type MayVisit = (path: string) => boolean;

interface Rule {
  readonly allow: boolean;
  readonly pattern: string;
}

/** `name` is how a group for us alone would call us. */
export function parseRobots(text: string, name: string): MayVisit {
  const [ours, everyones]: [Rule[], Rule[]] = [[], []];
  let isForUs = false;
  let [inGroup, inRules] = [new Set<Rule[]>(), false];
  for (const line of text.split(/\r\n?|\n/)) {
    const [key = '', ...rest] = line.replace(/#.*/, '').split(':');
    const [field, value] = [key.trim().toLowerCase(), rest.join(':').trim()];
    if (field === 'user-agent') {
      // Agents in a row share a group; one that follows rules opens the next.
      if (inRules) inGroup = new Set();
      inRules = false;
      const isOurs = value.toLowerCase() === name.toLowerCase();
      isForUs ||= isOurs;
      if (isOurs) inGroup.add(ours);
      else if (value === '*') inGroup.add(everyones);
    } else if (field === 'allow' || field === 'disallow') {
      inRules = true;
      // An empty Disallow forbids nothing.
      if (value === '') continue;
      for (const rules of inGroup) rules.push({ allow: field === 'allow', pattern: value });
    }
  }
  const rules = isForUs ? ours : everyones;
  return (path) => {
    let strongest: Rule | undefined;
    for (const rule of rules) {
      const longer = rule.pattern.length - (strongest?.pattern.length ?? -1);
      if ((longer > 0 || (longer === 0 && rule.allow)) && matches(path, rule.pattern)) strongest = rule;
    }
    return strongest?.allow ?? true;
  };
}

/** `*` stands for anything, a `$` at the end for the end. Each piece is found once, from left to right. */
function matches(path: string, pattern: string): boolean {
  const isAnchored = pattern.endsWith('$');
  const pieces = (isAnchored ? pattern.slice(0, -1) : pattern).split('*');
  const [first = '', ...others] = pieces;
  if (!path.startsWith(first)) return false;
  const last = isAnchored ? others.pop() : undefined;
  let at = first.length;
  for (const piece of others) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  if (!isAnchored) return true;
  return last === undefined ? at === path.length : path.length - last.length >= at && path.endsWith(last);
}
