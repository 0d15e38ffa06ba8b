/// The page's one script: a cursor over all drawings at once, by pointer or arrow keys. Without it nothing is missing
/// but the readout.
enum PageScript {
    static let text = """
        'use strict';
        let all, charts, now = null;
        const moment = s => {
          const w = Math.max(0, Math.floor(s)), m = Math.floor(w / 60), r = w % 60;
          return m ? m + 'm' + String(r).padStart(2, '0') + 's' : r + 's';
        };
        // The last value at or before the moment; a joined line says nothing far from its values.
        const at = (line, t) => {
          let low = 0, high = line.t.length;
          while (low < high) { const mid = (low + high) >> 1; if (line.t[mid] <= t) low = mid + 1; else high = mid; }
          return low ? line.v[low - 1] : null;
        };
        const show = t => {
          now = t === null ? null : Math.min(Math.max(t, 0), all.duration);
          for (const svg of charts) {
            const cursor = svg.querySelector('.cursor'), output = svg.closest('figure').querySelector('output');
            cursor.toggleAttribute('hidden', now === null);
            if (now === null) { output.textContent = ''; continue; }
            const x = all.left + now / all.duration * (all.width - all.left - all.right);
            cursor.setAttribute('x1', x); cursor.setAttribute('x2', x);
            const chart = all.charts[svg.dataset.chart];
            const said = chart.lines.map(l => [l.name, at(l, now)]).filter(e => e[1] !== null)
              .map(e => e[0] + ' ' + e[1]).join(', ');
            const real = (now / all.speed).toFixed(1) + ' s real';
            output.textContent = moment(now) + ' (' + real + '): ' + said + ' ' + chart.unit;
          }
        };
        const bind = () => {
          all = JSON.parse(document.getElementById('readings').textContent);
          charts = [...document.querySelectorAll('svg[data-chart]')];
          for (const svg of charts) {
            svg.addEventListener('pointermove', e => {
              const box = svg.getBoundingClientRect(), x = (e.clientX - box.left) / box.width * all.width;
              show((x - all.left) / (all.width - all.left - all.right) * all.duration);
            });
            svg.addEventListener('pointerleave', () => show(null));
            svg.addEventListener('keydown', e => {
              const step = { ArrowRight: all.speed, ArrowLeft: -all.speed, PageDown: 60, PageUp: -60 }[e.key];
              if (e.key === 'Escape') return show(null);
              if (!step) return;
              e.preventDefault();
              show((now === null ? 0 : now) + step);
            });
          }
          show(now);
        };
        bind();
        """

    /// Swaps new figures in, as often as a second, and seldom enough that drawing them takes a twentieth of the time at
    /// most: the send path shares the machine. The cursor and the focus stay.
    static let live = """
        const state = document.getElementById('state'), main = document.querySelector('main');
        const say = words => { if (state.textContent !== words) state.textContent = words; };
        const update = async () => {
          const begun = performance.now();
          let ended = false;
          try {
            const answer = await fetch('/figures');
            if (!answer.ok) throw new Error(answer.status);
            const text = await answer.text(), focus = document.activeElement && document.activeElement.id;
            main.innerHTML = text;
            const again = focus && document.getElementById(focus);
            if (again) again.focus({ preventScroll: true });
            bind();
            ended = main.querySelector('[data-ending]').dataset.ending !== 'open';
            say(ended ? 'the run has ended' : 'running');
          } catch { say('no answer: the run has ended, or was stopped'); }
          if (!ended) setTimeout(update, Math.max(1000, 20 * (performance.now() - begun)));
        };
        setTimeout(update, 1000);
        """
}
