// How the numbers were made: the machine, the settings, the command that makes them again, and the method.
import type { Comparison } from '../../measure/comparison.ts';
import type { Environment, Machine } from '../../measure/environment.ts';
import { commandOf } from '../command.ts';
import { versionsOf } from '../machine.ts';
import { settingsLine } from '../settings.ts';
import { count } from '../units.ts';
import { html, type Markup } from './escape.ts';

export function making(environment: Environment, comparisons: readonly Comparison[]): Markup {
  return html`${factList(machineFacts(environment))}
  ${comparisons.map(
    (comparison) =>
      html`<p>${comparison.job}: ${settingsLine(comparison)}. To make it again:</p>
        <pre class="command" tabindex="0">${commandOf(comparison)}</pre>`,
  )}`;
}

export type Facts = ReadonlyArray<readonly [name: string, value: string]>;

export function machineFacts({ node, platform, cpu, cores, packages }: Machine): Facts {
  return [
    ['Node', node],
    ['machine', `${cpu}, ${count(cores, 'core')}, ${platform}`],
    ['packages', versionsOf(packages)],
  ];
}

export const factList = (facts: Facts): Markup =>
  html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;

export const METHOD: Markup = html`<ul>
  <li>
    Every trial is a fresh process; the approaches take turns, so that a slow minute of the machine hits all
    of them.
  </li>
  <li>
    Times are medians ± median absolute deviation, warm, over so many whole runs; a failing request is
    counted, never dropped.
  </li>
  <li>The picture shows one of these runs: the one of median length, or the one with the most failures.</li>
  <li>
    Memory is the peak of what is resident, threads included. The number in flight is counted by the API, for
    computation by the bars.
  </li>
  <li>The loop is late by as much as a timer of the main thread comes after its time.</li>
  <li>
    Absolute times are of this machine. Ratios travel better, and only where the spreads do not overlap.
  </li>
</ul>`;
