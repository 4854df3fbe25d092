import { type EmulatedAccount, checkedAccounts, permits } from '../../../lib/emulator/accounts'

const KEYS = { accessKey: 'AK', secretKey: 'the-secret' }
const topic = (name: string, perm: 'PUB' | 'SUB') => ({ kind: 'topic', name, perm }) as const
const group = (name: string) => ({ kind: 'group', name, perm: 'SUB' }) as const

describe('permits', () => {
  const account: EmulatedAccount = {
    ...KEYS,
    topicPerms: { Out: 'PUB', In: 'SUB', Both: 'PUB|SUB', None: 'DENY' },
    groupPerms: { readers: 'SUB' },
  }

  it('goes by the permission of what is named', () => {
    expect(['Out', 'In', 'Both', 'None'].map(name => permits(account, topic(name, 'PUB')))).toEqual([
      'yes',
      'denied',
      'yes',
      'denied',
    ])
    expect(permits(account, topic('In', 'SUB'))).toBe('yes')
    expect(permits(account, group('readers'))).toBe('yes')
  })

  it('goes by the default for what is not named, which is to deny', () => {
    expect(permits(account, topic('Other', 'PUB'))).toBe('no policy')
    expect(permits(account, topic('toString', 'PUB'))).toBe('no policy')
    expect(permits({ ...KEYS, defaultTopicPerm: 'PUB' }, topic('Other', 'PUB'))).toBe('yes')
    expect(permits({ ...KEYS, defaultTopicPerm: 'PUB' }, group('Other'))).toBe('no policy')
    expect(permits({ ...KEYS, defaultGroupPerm: 'SUB' }, group('Other'))).toBe('yes')
  })

  it('lets an administrator do everything', () => {
    expect(permits({ ...KEYS, admin: true, topicPerms: { T: 'DENY' } }, topic('T', 'PUB'))).toBe('yes')
  })
})

describe('checkedAccounts', () => {
  it.each([
    [[{ ...KEYS, accessKey: '' }], /accessKey/],
    [[{ ...KEYS, secretKey: undefined as never }], /secretKey/],
    [[KEYS, KEYS], /accessKey of its own/],
    [[{ ...KEYS, topicPerms: { T: 'ALL' as never } }], /permissions of account AK/],
    [[{ ...KEYS, defaultGroupPerm: 'X' as never }], /permissions of account AK/],
  ])('refuses %j without telling the secret', (accounts, words) => {
    expect(() => checkedAccounts(accounts)).toThrow(words)
    expect(() => checkedAccounts(accounts)).not.toThrow('the-secret')
  })

  it('takes accounts as they are', () => {
    expect(checkedAccounts([KEYS])).toEqual([KEYS])
  })
})
