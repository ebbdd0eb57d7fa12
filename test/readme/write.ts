// npm run readme: brings the marked parts of every Markdown file up to date, and says which files it changed.
import { PAGES, refresh } from './pages.ts';

for (const page of PAGES) {
  console.log(`${page.path}: ${(await refresh(page)) ? 'written' : 'up to date'}`);
}
