// What the source of a function tells: whether the function uses a variable, and at which await it stands, if it has only
// one. In the heap all functions of one scope share the variables of that scope, used or not. So only the source tells who
// can call a resolver that stands in a variable.
//
// This is no parser. It finds where the function ends by its brackets, past strings, templates, comments and regular
// expressions. If it is in doubt, it reads on. Then it may say "uses" for a function that does not use the variable, as
// the heap does. The place of an await must never be wrong, so there V8's own parser has to agree.
import { compileFunction } from 'node:vm';

const BEFORE_REGULAR_EXPRESSION =
  /(?:^|[=(,:[!&|?{};<>+\-*%^~]|\b(?:return|typeof|case|in|of|void|delete|await|yield|throw|new|else|do))\s*$/;

/** `start` is where V8 says that the function begins: at its parameters, or at the class of a constructor. */
export function mentionsIn(source: string, start: number, variable: string): boolean {
  const word = new RegExp(`(?<![\\w$.#])${escaped(variable)}(?![\\w$])`);
  return word.test(codeOf(source, start).code);
}

/**
 * The index of the `await` at which a suspended async function stands, if its text has no other place where it could
 * stand.
 */
export function onlyAwaitIn(source: string, start: number): number | undefined {
  const { code, end } = codeOf(source, start);
  // The steps of `for await` and the end of `await using` stand elsewhere.
  const words = code.match(/\b(?:for\s+)?await\b(?:\s+using\b)?|\byield\b/g);
  if (words?.join() !== 'await') return undefined;
  const text = source.slice(start, end);
  // Here comments, strings and inner functions count too.
  const all = [...text.matchAll(/\bawait\b/g)];
  return all.length === 1 && isWholeFunction(text) ? start + all[0]!.index : undefined;
}

/**
 * Where the end was found too early, the text is not JavaScript: some bracket, string or regular expression is open. V8
 * parses the text here, and runs nothing of it.
 */
function isWholeFunction(text: string): boolean {
  const privateNames = new Set(text.match(/#[A-Za-z_$][\w$]*/g));
  const names = [...privateNames].map((name) => `${name};`).join(' ');
  // V8 counts an async arrow function from `async`, every other function from its parameters.
  const member = text.startsWith('(') ? `async method${text}` : `field = ${text}`;
  try {
    compileFunction(`(class extends Object { ${names} ${member} })`);
    return true;
  } catch {
    return false;
  }
}

interface Code {
  /** What stands in strings, comments and regular expressions is left out. */
  readonly code: string;
  /** Where the function ends in the source. */
  readonly end: number;
}

function codeOf(source: string, start: number): Code {
  let code = '';
  let depth = 0;
  /** The depths of brackets at which a `${` of a template was opened. */
  const templates: number[] = [];
  let hasBody = false;
  let isArrow = false;
  let at = start;
  while (at < source.length) {
    const rest = source.slice(at, at + 2);
    const letter = source[at]!;
    if (rest === '//') at = endOr(source, source.indexOf('\n', at));
    else if (rest === '/*') at = endOr(source, source.indexOf('*/', at + 2) + 2);
    else if (letter === '"' || letter === "'") at = endOfString(source, at, letter);
    else if (letter === '`' || (letter === '}' && templates.at(-1) === depth)) {
      if (letter === '}') {
        templates.pop();
        code += ' ';
      }
      const piece = endOfTemplatePiece(source, at + 1);
      if (piece.isOpen) templates.push(depth);
      at = piece.end;
    } else if (letter === '/' && BEFORE_REGULAR_EXPRESSION.test(code.slice(-12))) {
      at = endOfRegularExpression(source, at);
      code += '0';
    } else {
      if (rest === '=>' && depth === 0) isArrow = true;
      const isOpening = '([{'.includes(letter);
      const isClosing = ')]}'.includes(letter);
      // An arrow function without braces ends where the expression around it goes on.
      if (isArrow && !hasBody && depth === 0 && (isClosing || letter === ',' || letter === ';'))
        return { code, end: at };
      if (isOpening) {
        if (letter === '{' && depth === 0 && (!isArrow || /=>\s*$/.test(code))) hasBody = true;
        depth++;
      }
      if (isClosing) depth--;
      code += letter;
      at++;
      if (isClosing && depth < 0) return { code, end: at };
      if (letter === '}' && depth === 0 && hasBody) return { code, end: at };
    }
  }
  return { code, end: at };
}

function endOr(source: string, end: number): number {
  return end <= 1 ? source.length : end;
}

function endOfString(source: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < source.length && source[at] !== quote && source[at] !== '\n') at += source[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** From inside a template to its end, or to behind the next `${`. */
function endOfTemplatePiece(source: string, start: number): { end: number; isOpen: boolean } {
  let at = start;
  while (at < source.length) {
    if (source[at] === '\\') at += 2;
    else if (source[at] === '`') return { end: at + 1, isOpen: false };
    else if (source.startsWith('${', at)) return { end: at + 2, isOpen: true };
    else at++;
  }
  return { end: at, isOpen: false };
}

function endOfRegularExpression(source: string, start: number): number {
  let isInClass = false;
  for (let at = start + 1; at < source.length; at++) {
    const letter = source[at];
    if (letter === '\\') at++;
    else if (letter === '\n') return start + 1;
    else if (letter === '[') isInClass = true;
    else if (letter === ']') isInClass = false;
    else if (letter === '/' && !isInClass) return at + 1;
  }
  return start + 1;
}

function escaped(text: string): string {
  return text.replaceAll(/[$\\^*+?.()|[\]{}]/g, '\\$&');
}
