import tseslint from 'typescript-eslint'
import { awaitInTurn } from './scripts/lint/await-in-turn.mjs'

const sizes = {
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 60 }],
  'max-params': ['error', { max: 4 }],
}

const strict = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unnecessary-condition': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  '@typescript-eslint/explicit-module-boundary-types': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'prefer-const': 'error',
}

const timers = ['node:timers', 'node:timers/promises', 'timers', 'timers/promises']
const seeded = { name: 'fast-check', message: 'import test/support/property: its examples are the same in every run' }

/** A test awaits events or moves the clock; it never sleeps, and does the same in every run. */
const steady = {
  'no-restricted-globals': ['error', 'setTimeout', 'setInterval'],
  'no-restricted-imports': ['error', { paths: [...timers, seeded] }],
}

export default tseslint.config(
  { ignores: ['dist/', 'typings/', 'coverage/', 'node_modules/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { house: { rules: { 'await-in-turn': awaitInTurn } } },
    rules: { ...strict, ...sizes, 'house/await-in-turn': 'error' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      ...steady,
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  { files: ['test/support/property.ts'], rules: { 'no-restricted-imports': 'off' } },
)
