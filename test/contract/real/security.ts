import type { EmulatedAccount, EmulatedPermission } from '../../../lib/emulator/index'
import { command } from '../../../lib/commands/command'
import { json } from '../../../lib/commands/body'
import { string } from '../../../lib/commands/field'
import { RemotingClient } from '../../../lib/remoting/remoting-client'
import { CredentialsKeeper } from '../../../lib/remoting/credentials-keeper'
import { dialTcp } from '../../../lib/remoting/dialer'
import { systemClock } from '../../../lib/runtime/clock'
import { Log } from '../../../lib/runtime/log'
import type { RocketMQVersion } from './artifacts'
import type { ServerConf } from './server-files'

const AUTH = 'org.apache.rocketmq.auth'

/** What brokers need so that only these accounts are served: settings, and files of their home folder. */
export function accessConf(
  version: RocketMQVersion,
  accounts: readonly EmulatedAccount[],
): { conf: ServerConf; files: Readonly<Record<string, string>> } {
  if (version === '4.9.4') return { conf: { aclEnable: 'true' }, files: { 'conf/plain_acl.yml': plainAcl(accounts) } }
  const admin = adminOf(accounts)
  return {
    conf: {
      authenticationEnabled: 'true',
      authenticationProvider: `${AUTH}.authentication.provider.DefaultAuthenticationProvider`,
      authenticationMetadataProvider: `${AUTH}.authentication.provider.LocalAuthenticationMetadataProvider`,
      initAuthenticationUser: JSON.stringify({ username: admin.accessKey, password: admin.secretKey }),
      innerClientAuthenticationCredentials: JSON.stringify({ accessKey: admin.accessKey, secretKey: admin.secretKey }),
      authorizationEnabled: 'true',
      authorizationProvider: `${AUTH}.authorization.provider.DefaultAuthorizationProvider`,
      authorizationMetadataProvider: `${AUTH}.authorization.provider.LocalAuthorizationMetadataProvider`,
    },
    files: {},
  }
}

const AUTH_CREATE_USER = command('AUTH_CREATE_USER', {
  code: 3001,
  peer: 'broker',
  request: { header: { username: string }, body: json((value: unknown) => value as object) },
  response: {},
})
const AUTH_CREATE_ACL = command('AUTH_CREATE_ACL', {
  code: 3006,
  peer: 'broker',
  request: { header: { subject: string }, body: json((value: unknown) => value as object) },
  response: {},
})

/** Has a broker of 5.3 or later make the accounts besides its first one, which is the administrator. */
export async function createAccounts(broker: string, accounts: readonly EmulatedAccount[]): Promise<void> {
  const clock = systemClock
  const client = new RemotingClient({
    clock,
    log: new Log('test'),
    dial: dialTcp,
    identity: { version: 477, language: () => 'OTHER', serializeType: 'JSON' },
    connectTimeoutMs: 3000,
    requestTimeoutMs: 10_000,
    credentials: new CredentialsKeeper({ credentials: adminOf(accounts), clock, onRenewalFailed: () => undefined }),
  })
  try {
    for (const account of accounts.filter(({ admin }) => admin !== true)) {
      const { accessKey: username, secretKey: password } = account
      const user = { username, password, userType: 'Normal', userStatus: 'enable' }
      await client.invoke(broker, AUTH_CREATE_USER, { header: { username }, body: user })
      const entries = entriesOf(account)
      const subject = `User:${username}`
      const body = { subject, policies: [{ policyType: 'Custom', entries }] }
      if (entries.length > 0) await client.invoke(broker, AUTH_CREATE_ACL, { header: { subject }, body })
    }
  } finally {
    await client.close()
  }
}

function adminOf(accounts: readonly EmulatedAccount[]): EmulatedAccount {
  const admin = accounts.find(account => account.admin === true)
  if (admin === undefined) throw new Error('one of the accounts must be the administrator')
  return admin
}

function entriesOf({ topicPerms = {}, groupPerms = {} }: EmulatedAccount): object[] {
  const entry = (kind: string, [name, perm]: [string, EmulatedPermission]): object => ({
    resource: `${kind}:${name}`,
    actions:
      perm === 'DENY' ? ['All'] : ['Get', 'Update', ...perm.split('|').map(each => (each === 'PUB' ? 'Pub' : 'Sub'))],
    decision: perm === 'DENY' ? 'Deny' : 'Allow',
  })
  return [
    ...Object.entries(topicPerms).map(each => entry('Topic', each)),
    ...Object.entries(groupPerms).map(each => entry('Group', each)),
  ]
}

function plainAcl(accounts: readonly EmulatedAccount[]): string {
  const lines = accounts.flatMap(account => [
    `- accessKey: ${account.accessKey}`,
    `  secretKey: ${account.secretKey}`,
    `  admin: ${account.admin === true}`,
    `  defaultTopicPerm: ${account.defaultTopicPerm ?? 'DENY'}`,
    `  defaultGroupPerm: ${account.defaultGroupPerm ?? 'DENY'}`,
    ...listOf('topicPerms', account.topicPerms),
    ...listOf('groupPerms', account.groupPerms),
  ])
  return ['accounts:', ...lines, ''].join('\n')
}

function listOf(name: string, perms: EmulatedAccount['topicPerms'] = {}): string[] {
  const entries = Object.entries(perms)
  return entries.length === 0 ? [] : [`  ${name}:`, ...entries.map(([each, perm]) => `  - ${each}=${perm}`)]
}

/** What servers need so that they speak nothing but TLS, and speak it to one another. */
export function tlsServers({ cert, key, ca }: { cert: string; key: string; ca?: string }) {
  const inConf = (home: string, file: string): string => `${home}/conf/${file}`
  const jvm = (home: string): string[] => [
    '-Dtls.enable=true',
    '-Dtls.server.mode=enforcing',
    '-Dtls.test.mode.enable=false',
    `-Dtls.server.certPath=${inConf(home, 'server.pem')}`,
    `-Dtls.server.keyPath=${inConf(home, 'server.key')}`,
    `-Dtls.client.certPath=${inConf(home, 'server.pem')}`,
    `-Dtls.client.keyPath=${inConf(home, 'server.key')}`,
    ...(ca === undefined
      ? []
      : [
          `-Dtls.server.trustCertPath=${inConf(home, 'ca.pem')}`,
          '-Dtls.server.authClient=true',
          '-Dtls.server.need.client.auth=require',
        ]),
  ]
  return {
    files: { 'conf/server.pem': cert, 'conf/server.key': key, ...(ca === undefined ? {} : { 'conf/ca.pem': ca }) },
    how: { jvm, tls: { cert, key, rejectUnauthorized: false } },
  }
}
