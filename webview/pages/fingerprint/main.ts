import '../../styles/page.css';
import './fingerprint.css';
import { registerControls } from '../../toolkit.ts';
import { FingerprintPage } from './fingerprint-page.ts';

registerControls();
new FingerprintPage(document.body).start();
