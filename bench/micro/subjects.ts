import type { OpenCase, Subject } from './micro-case'
import { allocation } from './subjects/allocation'
import { channel } from './subjects/channel'
import { codecs } from './subjects/codecs'
import { commands } from './subjects/commands'
import { deadlineList } from './subjects/deadline-list'
import { fastjson } from './subjects/fastjson'
import { frames } from './subjects/frames'
import { processQueue } from './subjects/process-queue'
import { properties } from './subjects/properties'
import { routes } from './subjects/routes'
import { selectors } from './subjects/selectors'
import { storedMessages } from './subjects/stored-messages'
import { traces } from './subjects/traces'

/** All that is measured, by subject; each subject is a file of its own. */
export const SUBJECTS = {
  frames,
  commands,
  'stored-messages': storedMessages,
  properties,
  fastjson,
  routes,
  allocation,
  selectors,
  'deadline-list': deadlineList,
  'process-queue': processQueue,
  traces,
  codecs,
  channel,
} as const satisfies Record<string, Subject>

export type SubjectName = keyof typeof SUBJECTS

export const SUBJECT_NAMES = Object.keys(SUBJECTS) as SubjectName[]

/** Cases of a subject, in order. */
export function casesOf(subject: SubjectName): [name: string, open: OpenCase][] {
  return Object.entries(SUBJECTS[subject])
}
