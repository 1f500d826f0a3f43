"""The names in URLs, from the settings: each provider and each route as a `Way`. Part of the worker's composition."""

from __future__ import annotations

from collections.abc import Mapping

from gateway import config
from gateway.config_routes import Retries, origin
from gateway.proxy.budget import Budget
from gateway.proxy.hedge import HedgeTerms
from gateway.proxy.route import Provider, Routes, Target, Way


def routes_of(settings: config.Settings, providers: Mapping[str, Provider]) -> Routes:
    """providers: as configured, by name. Who shares the file's `of_traffic` shares its budget; an `of_traffic` of one's own is a budget of one's own."""
    shared = Budget(settings.retries.of_traffic)

    def budget(own: Retries | None) -> Budget:
        return Budget(own.of_traffic) if own is not None and "of_traffic" in own.model_fields_set else shared

    ways: dict[str, Way] = {}
    defaults: dict[str, Way] = {}
    for name, provider in settings.providers.items():
        terms = (provider.retries or Retries()).under(settings.retries)
        ways[name] = Way("", (Target(providers[name]),), terms.per_request, frozenset(terms.on), terms.patience_s, budget(provider.retries), plain=True)
        if provider.default or provider.dialect not in defaults:
            defaults[provider.dialect] = ways[name]
    for name, route in settings.routes.items():
        terms = route.terms(settings.retries)
        way = ways[name] = Way(
            name,
            tuple(Target(providers[target.provider], target.model or "", target.weight) for target in route.targets),
            terms.per_request,
            frozenset(terms.on),
            terms.patience_s,
            budget(route.retries),
            weighted=route.pick == "weighted",
            apart=len({origin(settings.providers[target.provider].base_url) for target in route.targets}) > 1,
            hedge=HedgeTerms(route.hedge.quantile, route.hedge.min_s) if route.hedge is not None else None,
        )
        if route.default:
            defaults[way.targets[0].provider.dialect.name] = way
    return Routes(ways, defaults)
