/* The filter above the table of transactions, and the way from a chart to a row; without it all rows are shown. */
(function () {
	'use strict';
	var form = document.getElementById('filter');
	var table = document.getElementById('rows');
	if (!form || !table)
		return;
	var text = document.getElementById('filter-text');
	var kind = document.getElementById('filter-kind');
	var count = document.getElementById('filter-count');
	var rows = Array.prototype.slice.call(table.tBodies[0].rows);

	function apply() {
		var want = text.value.toLowerCase();
		var shown = 0;
		rows.forEach(function (row) {
			var fits = (!want || row.textContent.toLowerCase().indexOf(want) >= 0) &&
				(kind.value === 'all' || row.dataset.kind === kind.value);
			row.hidden = !fits;
			if (fits)
				shown++;
		});
		count.textContent = shown + ' of ' + rows.length + ' transactions';
	}

	/* A link to a row that is filtered out shows it. */
	function reveal() {
		var row = document.getElementById(location.hash.slice(1));
		if (row && row.hidden) {
			text.value = '';
			kind.value = 'all';
			apply();
			row.scrollIntoView();
		}
	}

	function fromChart(e) {
		if (e.target.dataset && e.target.dataset.row)
			location.hash = e.target.dataset.row;
	}

	form.hidden = false;
	document.addEventListener('click', fromChart);
	form.addEventListener('submit', function (e) { e.preventDefault(); });
	text.addEventListener('input', apply);
	kind.addEventListener('change', apply);
	window.addEventListener('hashchange', reveal);
	apply();
})();
