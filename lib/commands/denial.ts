/** That a server refused a request for who asked, or for what was asked for. */
export interface Denial {
  readonly code: 'AUTHENTICATION_FAILED' | 'PERMISSION_DENIED'
  /** What must be changed. */
  readonly cure: string
  /** What may not be used, where the server says it. */
  readonly topic?: string
  readonly group?: string
}

const SYSTEM_ERROR = 1
const NO_PERMISSION = 16

/** Remarks of 5.3 and later (`AuthenticationException`, `AuthorizationException`); proxies send them with SYSTEM_ERROR. */
const UNAUTHENTICATED_5 =
  /username cannot be null|check signature failed|User:\S* is (?:not found|disabled)|Authentication failed|create authentication context error/
const UNAUTHORIZED_5 = /has no permission to access|User:\S* (?:not found|is disabled)|Authorization failed/
const RESOURCE_5 = /has no permission to access (Topic|Group):(\S+) from /
/** Remarks of 4.9 and 5.0 to 5.2, which have no code of their own. */
const EXCEPTION_4_9 = 'AclException'
const UNAUTHENTICATED_4_9 = /signature|No accessKey is configured|No acl config for|No PlainAccessResource/i
const RESOURCE_4_9 = /permission for (topic|group):([^\s,]+)/

const CURES = {
  AUTHENTICATION_FAILED: 'check the option credentials, and whether the server knows this access key',
  PERMISSION_DENIED: "give this access key the permission in the servers' access control",
} as const

/** What an error answer says of access control; undefined where it is about something else. */
export function denialOf(code: number, remark: string | undefined): Denial | undefined {
  if (remark === undefined || (code !== NO_PERMISSION && code !== SYSTEM_ERROR)) return undefined
  if (code === NO_PERMISSION || !remark.includes(EXCEPTION_4_9)) {
    // Other remarks are about topics and groups that nobody may write or read, or about anything.
    if (UNAUTHENTICATED_5.test(remark)) return denial('AUTHENTICATION_FAILED')
    return UNAUTHORIZED_5.test(remark) ? denial('PERMISSION_DENIED', RESOURCE_5.exec(remark)) : undefined
  }
  if (UNAUTHENTICATED_4_9.test(remark)) return denial('AUTHENTICATION_FAILED')
  return denial('PERMISSION_DENIED', RESOURCE_4_9.exec(remark))
}

function denial(code: Denial['code'], resource?: RegExpExecArray | null): Denial {
  const [, kind, name] = resource ?? []
  const what = name === undefined ? {} : kind?.toLowerCase() === 'topic' ? { topic: name } : { group: name }
  return { code, cure: CURES[code], ...what }
}
