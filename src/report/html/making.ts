// How the numbers were made: the machine, the settings, the command that makes them again, and the method.
import { nameOf, type Comparison } from '../../measure/comparison.ts';
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
      html`<p>${nameOf(comparison)}: ${settingsLine(comparison)}. To make it again:</p>
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
    Every trial runs in a fresh process. The approaches take turns, so that a slow minute of the machine hits
    all of them.
  </li>
  <li>
    A time is that of a whole run, after a warm-up: the median of several runs ± the median absolute deviation
    (MAD). A request that fails is counted and never left out.
  </li>
  <li>
    The ideal time of work that waits is N·L/C: the number of requests times the latency, divided by how many
    may be in flight at once. For work that computes it is the CPU time of all tasks on one core, and for
    threads the time that separate processes took.
  </li>
  <li>The picture shows one run: the one of median length, or the one with the most failures.</li>
  <li>
    Memory is the peak of what was resident, threads included. How many were in flight is counted by the API;
    for work that computes, by the bars.
  </li>
  <li>
    Event loop lag is how late a timer of the main thread fires. Nothing else can run in that thread
    meanwhile. The number in the picture is of the run that is drawn; the table has the longest of all runs,
    which may be longer than the median run.
  </li>
  <li>Times are of this machine alone. Ratios travel better, where more than chance sets them apart.</li>
</ul>`;
