/** Starts the interface on whatever replica is behind it. */
import '@fontsource-variable/inter'
import './theme/tokens.css'
import './theme/base.css'
import './theme/controls.css'
import './theme/prose.css'
import './theme/kinds.css'
import './theme/files.css'
import './theme/code.css'
import './theme/settings.css'
import './theme/contrast.css'
import './theme/print.css'
import { mount } from 'svelte'
import App from './app/App.svelte'
import { backendHere } from './backend/here'
import { speak } from './settings/language'
import { settings } from './settings/settings.svelte'
import { wear } from './settings/wear'

const target = document.getElementById('app')
if (!target) throw new Error('the page has no place for the interface')

speak()
wear(document.documentElement, settings.now)
mount(App, { target, props: { backend: await backendHere() } })
