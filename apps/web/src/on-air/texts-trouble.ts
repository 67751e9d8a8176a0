import { texts } from '../i18n/index.ts'

/** What to say when a device cannot go on air, and how to mend it: [Chinese, English]. */
export const troubleText = texts({
  asking: ['请允许使用摄像头和麦克风', 'Please allow camera and microphone'],
  askingHelp: [
    '浏览器正在问您，点“允许”。画面只在点了“开播”以后才会播出去。',
    'Your browser is asking. Tap “Allow”. Nothing is sent before you tap “Go live”.',
  ],
  denied: ['摄像头没有打开权限', 'The camera is not allowed'],
  deniedHelp: ['您或浏览器拒绝过。这样改：', 'It was refused before. To change that:'],
  'ios.1': ['点地址栏左边的图标，再点“网站设置”', 'Tap the icon left of the address, then Website Settings'],
  'ios.2': ['把“摄像头”和“麦克风”改成“允许”', 'Set Camera and Microphone to Allow'],
  'ios.3': ['还不行：手机“设置 → Safari → 摄像头”选“允许”', 'Still no: phone Settings → Safari → Camera → Allow'],
  'android.1': ['点地址栏左边的锁或设置图标', 'Tap the lock or tune icon left of the address'],
  'android.2': ['点“权限”，打开“摄像头”和“麦克风”', 'Tap Permissions and turn on Camera and Microphone'],
  'android.3': [
    '还不行：手机设置里给浏览器打开相机权限',
    'Still no: allow the camera for the browser in the phone’s settings',
  ],
  'desktop.1': ['点地址栏左边的图标', 'Click the icon left of the address'],
  'desktop.2': ['把“摄像头”和“麦克风”打开', 'Turn on Camera and Microphone'],
  'desktop.3': [
    '还不行：在系统的隐私设置里允许浏览器用相机',
    'Still no: allow the camera for the browser in the system’s privacy settings',
  ],
  missing: ['没找到摄像头', 'No camera found'],
  missingHelp: [
    '插上摄像头再试，或者用手机打开这个页面。',
    'Plug in a camera and try again, or open this page on a phone.',
  ],
  in_use: ['摄像头被别的应用占着', 'Another app is using the camera'],
  in_useHelp: ['关掉视频通话、相机等应用，再试一次。', 'Close video calls and camera apps, then try again.'],
  failed: ['摄像头打不开', 'The camera does not open'],
  failedHelp: [
    '再试一次；还不行就重启手机或换一个浏览器。',
    'Try again. If it still fails, restart the phone or use another browser.',
  ],
  again: ['再试一次', 'Try again'],
  insecure: ['这个网址不能用摄像头', 'This address cannot use the camera'],
  insecureHelp: [
    '浏览器只在 https 开头的网址上开放摄像头。请联系平台管理员。',
    'Browsers open the camera on https addresses only. Please tell the operator.',
  ],
  no_camera_access: ['这个应用里不能开播', 'You cannot go live inside this app'],
  no_camera_accessHelp: [
    '点右上角“…”，选“在浏览器打开”（Safari 或 Chrome）。',
    'Tap “…” at the top right and open this page in Safari or Chrome.',
  ],
  no_encoder: ['这个浏览器不能开播', 'This browser cannot go live'],
  no_encoderHelp: [
    '请更新浏览器：Chrome 或 Edge 94 以上，Safari 16.4 以上。',
    'Please update it: Chrome or Edge 94, Safari 16.4, or newer.',
  ],
  encoder: ['这台设备压不了视频', 'This device cannot encode video'],
  encoderHelp: ['换成 540 清晰度再试，或换一台手机。', 'Try the 540 picture, or another phone.'],
  otherWay: ['也可以用电脑上的 OBS，或手机推流应用开播', 'Or go live with OBS on a computer, or a streaming app'],
  guide: ['看怎么做', 'See how'],
  copyLink: ['复制网址', 'Copy the address'],
  linkCopied: ['网址已复制', 'Address copied'],
})
